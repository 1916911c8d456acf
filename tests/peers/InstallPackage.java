import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.NpmPackageValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.utilities.npm.FilesystemPackageCacheManager;
import org.hl7.fhir.utilities.npm.NpmPackage;

/**
 * Installs a FHIR package the two ways of the Java world: into the package cache of HL7's tools, and into HAPI FHIR.
 *
 * <p>{@code InstallPackage PACKAGE.tgz CACHE RIGHT.json WRONG.json}, with the package's folder on the class path; writes
 * a line for each thing found. https://confluence.hl7.org/display/FHIR/NPM+Package+Specification
 */
public final class InstallPackage {

  private static final List<String> TYPES =
      List.of("StructureDefinition", "ValueSet", "CodeSystem", "ConceptMap", "MessageDefinition", "NamingSystem");

  private InstallPackage() {}

  /** Runs both and ends; anything that does not work is an exception. */
  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[0]);
    NpmPackage given = NpmPackage.fromPackage(new FileInputStream(file.toFile()));
    System.out.println("name " + NpmPackage.isValidName(given.name()) + " " + given.name() + "#" + given.version());
    var cache = new FilesystemPackageCacheManager.Builder().withCacheFolder(arguments[1]).build();
    cache.addPackageToCache(given.name(), given.version(), new FileInputStream(file.toFile()), file.toString());
    NpmPackage installed = cache.loadPackage(given.name(), given.version());
    for (String type : TYPES) {
      System.out.println("cache " + type + " " + installed.listResources(type).size());
    }

    FhirContext context = FhirContext.forR4();
    var ours = new NpmPackageValidationSupport(context);
    ours.loadPackageFromClasspath("classpath:" + file.getFileName());
    var rules =
        new FhirInstanceValidator(
            new ValidationSupportChain(
                ours,
                new DefaultProfileValidationSupport(context),
                new InMemoryTerminologyServerValidationSupport(context),
                new CommonCodeSystemsTerminologyService(context)));
    FhirValidator validator = context.newValidator().registerValidatorModule(rules);
    for (int at = 2; at < arguments.length; at++) {
      String text = Files.readString(Path.of(arguments[at]));
      System.out.println("hapi " + validator.validateWithResult(text).isSuccessful());
    }
  }
}
