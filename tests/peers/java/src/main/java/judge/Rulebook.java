package judge;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel;

/**
 * What the judge goes by: R4 4.0.1 as HAPI ships it, our packages, and the settings where a validator has a choice.
 *
 * <ul>
 *   <li>no terminology server: a code of a system without content (SNOMED CT, LOINC) is a warning, not an error;
 *   <li>extensible bindings are warnings, best practice (dom-6 and the like) is not told;
 *   <li>unknown extensions and profiles are allowed, as in base R4;
 *   <li>example URLs are allowed: our own canonical URLs are such;
 *   <li>what a reference points to is only looked for within the file.
 * </ul>
 */
final class Rulebook {

  private static final Set<String> KEPT = Set.of("StructureDefinition", "ValueSet", "CodeSystem", "ConceptMap");

  private final FhirContext context;
  private final PrePopulatedValidationSupport ours;
  private int loaded;

  Rulebook(FhirContext context) {
    this.context = context;
    this.ours = new PrePopulatedValidationSupport(context);
  }

  /** Adds the conformance resources of a folder and of those below it; anything else in them is left out. */
  void add(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> below = Files.walk(folder)) {
      files = below.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
    for (Path file : files) {
      String text = Files.readString(file);
      if (KEPT.contains(new ObjectMapper().readTree(text).path("resourceType").asText())) {
        ours.addResource(context.newJsonParser().parseResource(text));
        loaded++;
      }
    }
  }

  /** Returns how many conformance resources came from the folders. */
  int loaded() {
    return loaded;
  }

  /** Returns a validator by these rules; it keeps what it has looked up. */
  @SuppressWarnings("deprecation") // without the last link of the chain, a code of an unknown system is an error
  FhirValidator validator() {
    var unknown = new UnknownCodeSystemWarningValidationSupport(context);
    unknown.setNonExistentCodeSystemSeverity(IValidationSupport.IssueSeverity.WARNING);
    FhirInstanceValidator rules =
        new FhirInstanceValidator(
            new ValidationSupportChain(
                new DefaultProfileValidationSupport(context),
                ours,
                new InMemoryTerminologyServerValidationSupport(context),
                new CommonCodeSystemsTerminologyService(context),
                new SnapshotGeneratingValidationSupport(context),
                unknown));
    rules.setBestPracticeWarningLevel(BestPracticeWarningLevel.Ignore);
    rules.setAnyExtensionsAllowed(true);
    rules.setErrorForUnknownProfiles(false);
    rules.setAllowExamples(true);
    return context.newValidator().registerValidatorModule(rules);
  }
}
