// What is said again and again.
RuleSet: OurArtefact
* ^status = #active
* ^experimental = false
* ^date = "2026-11-22"
* ^publisher = "The second-opinion adapter team"

RuleSet: OurCodes
* insert OurArtefact
* ^caseSensitive = true

RuleSet: Words(german, dutch)
* ^designation[0].language = #de
* ^designation[0].value = "{german}"
* ^designation[1].language = #nl
* ^designation[1].value = "{dutch}"

RuleSet: SlicedBy(kind, path)
* ^slicing.discriminator[0].type = #{kind}
* ^slicing.discriminator[0].path = "{path}"
* ^slicing.rules = #open

RuleSet: OurInstance
* status = #active
* experimental = false
* date = "2026-11-22"
* publisher = "The second-opinion adapter team"
