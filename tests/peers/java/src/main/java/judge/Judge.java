package judge;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.DataFormatException;
import ca.uhn.fhir.util.VersionUtil;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.JsonParseException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.hl7.fhir.utilities.http.ManagedWebAccess;

/**
 * Says what the HL7 Java validator, through HAPI FHIR, thinks of files: a path a line in, a line of JSON a file out.
 *
 * <p>{@code Judge [--package FOLDER]...} loads once, then writes {@code {"ready": true, ...}} and waits for paths.
 * Each answer has file, valid, ms (this one file, reading it left out) and issues; a file that the
 * validator does not get to judge has "unjudged", the reason, instead. See {@link Rulebook} for the settings. https://hl7.org/fhir/R4/validation.html
 */
public final class Judge {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Judge() {}

  /** Runs until standard input ends. */
  public static void main(String[] arguments) throws IOException {
    ManagedWebAccess.setAccessPolicy(ManagedWebAccess.WebAccessPolicy.PROHIBITED);
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    System.setOut(System.err); // what libraries print must not stand between the answers
    FhirContext context = FhirContext.forR4();
    Rulebook rulebook = new Rulebook(context);
    for (int at = 0; at + 1 < arguments.length; at += 2) {
      if (!arguments[at].equals("--package")) {
        throw new IllegalArgumentException("only --package FOLDER is known, not " + arguments[at]);
      }
      rulebook.add(Path.of(arguments[at + 1]));
    }
    FhirValidator validator = rulebook.validator();
    validator.validateWithResult("{\"resourceType\":\"Basic\",\"code\":{\"text\":\"loads the definitions\"}}");
    say(out, ready(rulebook));
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (!line.isBlank()) {
        say(out, verdict(validator, line.strip()));
      }
    }
  }

  private static String coreVersion() throws IOException {
    Properties made = new Properties();
    String place = "/META-INF/maven/ca.uhn.hapi.fhir/org.hl7.fhir.validation/pom.properties";
    try (InputStream in = Judge.class.getResourceAsStream(place)) {
      if (in != null) {
        made.load(in);
      }
    }
    return made.getProperty("version", "unknown");
  }

  private static ObjectNode ready(Rulebook rulebook) throws IOException {
    ObjectNode ready = JSON.createObjectNode().put("ready", true);
    ready.put("startMs", System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime());
    ready.put("hapi", VersionUtil.getVersion());
    ready.put("core", coreVersion());
    ready.put("java", Runtime.version().toString());
    ready.put("loaded", rulebook.loaded());
    return ready;
  }

  private static ObjectNode verdict(FhirValidator validator, String file) {
    ObjectNode answer = JSON.createObjectNode().put("file", file);
    String text;
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(Path.of(file)));
      text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException notText) {
      return answer.put("unjudged", "not UTF-8");
    } catch (IOException failed) {
      return answer.put("unjudged", failed.getClass().getSimpleName());
    }
    long started = System.nanoTime();
    List<SingleValidationMessage> messages;
    try {
      messages = validator.validateWithResult(text).getMessages();
    } catch (JsonParseException | DataFormatException syntax) {
      messages = List.of(new SingleValidationMessage());
      messages.get(0).setSeverity(ResultSeverityEnum.FATAL);
      messages.get(0).setMessageId("syntax");
      messages.get(0).setMessage(syntax.getMessage());
    } catch (RuntimeException | StackOverflowError failed) {
      return answer.put("unjudged", failed.getClass().getSimpleName() + ": " + failed.getMessage());
    }
    answer.put("ms", (System.nanoTime() - started) / 1e6);
    boolean valid = true;
    ArrayNode issues = JSON.createArrayNode();
    for (SingleValidationMessage message : messages) {
      valid &= message.getSeverity().compareTo(ResultSeverityEnum.ERROR) < 0;
      issues
          .addObject()
          .put("severity", message.getSeverity().getCode())
          .put("location", message.getLocationString())
          .put("line", message.getLocationLine())
          .put("id", message.getMessageId())
          .put("message", message.getMessage());
    }
    answer.put("valid", valid).set("issues", issues);
    return answer;
  }

  private static void say(PrintStream out, ObjectNode line) {
    out.println(line);
    out.flush();
  }
}
