// The operation by which a node judges resources.
Instance: so-validate
InstanceOf: OperationDefinition
Usage: #definition
* url = "https://second-opinion.example/fhir/OperationDefinition/so-validate"
* version = "0.1.0"
* name = "SecondOpinionValidate"
* title = "Judge a resource by R4 and by profiles"
* description = "HL7's $validate as a node has it: also at the base, for every type of R4, for whoever may call at all. Beside R4 itself the profiles of second opinions are asked, those that the resource claims and those that are named. Nothing of what is sent is kept."
* insert OurInstance
* kind = #operation
* affectsState = false
* code = #validate
* base = "http://hl7.org/fhir/OperationDefinition/Resource-validate"
* resource[0] = #Resource
* system = true
* type = true
* instance = true
* parameter[0].name = #resource
* parameter[0].use = #in
* parameter[0].min = 0
* parameter[0].max = "1"
* parameter[0].documentation = "What is to be judged; needed unless a stored resource is meant."
* parameter[0].type = #Resource
* parameter[1].name = #mode
* parameter[1].use = #in
* parameter[1].min = 0
* parameter[1].max = "1"
* parameter[1].documentation = "create, update, delete or profile. As a node offers none of the first three as an interaction, they end with an error that says so; the content is judged beside it."
* parameter[1].type = #code
* parameter[1].binding.strength = #required
* parameter[1].binding.valueSet = "http://hl7.org/fhir/ValueSet/resource-validation-mode|4.0.1"
* parameter[2].name = #profile
* parameter[2].use = #in
* parameter[2].min = 0
* parameter[2].max = "*"
* parameter[2].documentation = "The canonical URL of a profile to hold the resource against. One that is not here is an error (422)."
* parameter[2].type = #uri
* parameter[3].name = #return
* parameter[3].use = #out
* parameter[3].min = 1
* parameter[3].max = "1"
* parameter[3].documentation = "All that was found; 200 whether the resource is valid or not."
* parameter[3].type = #OperationOutcome
