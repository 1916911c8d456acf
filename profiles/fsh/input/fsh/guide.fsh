// The guide by whose name others say that they follow this package.
Instance: secondopinion.r4
InstanceOf: ImplementationGuide
Usage: #definition
* url = "https://second-opinion.example/fhir/ImplementationGuide/secondopinion.r4"
* version = "0.1.0"
* name = "SecondOpinion"
* title = "Second Opinion"
* description = "Profiles, codes and messages for medical second opinions, from the request to the closed loop."
* insert OurInstance
* packageId = "secondopinion.r4"
* license = #Apache-2.0
* fhirVersion = #4.0.1
