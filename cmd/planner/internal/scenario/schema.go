package scenario

import (
	"encoding/json"
	"regexp"
	"strconv"
)

// object is a JSON object of the schema.
type object map[string]any

// Schema is the JSON Schema (draft 7, which editors understand) of the
// scenario file, made from the description that the decoder uses.
func Schema() ([]byte, error) {
	s := sectionSchema(root)
	s["$schema"] = "http://json-schema.org/draft-07/schema#"
	s["title"] = "planner scenario"
	return json.MarshalIndent(s, "", "  ")
}

// keySchema describes one key.
func keySchema(k *key) object {
	s := valueSchema(k)
	if k.optional {
		s = object{"anyOf": []object{s, {"const": "none"}}}
	}
	if k.doc != "" {
		s["description"] = k.doc
	}
	if k.def != "" {
		s["default"] = k.defaultJSON()
	}
	return s
}

func valueSchema(k *key) object {
	switch k.kind {
	case section:
		return sectionSchema(k)
	case named:
		return object{"type": "object", "additionalProperties": sectionSchema(k), "minProperties": 1, "maxProperties": k.most, "propertyNames": nameSchema()}
	case list:
		return object{"type": "array", "items": sectionSchema(k), "maxItems": k.most}
	case texts:
		return object{"type": "array", "items": object{"type": "string"}}
	case text, dataName:
		return object{"type": "string", "minLength": 1}
	case choice:
		return object{"enum": k.words}
	case truth:
		return object{"type": "boolean"}
	case override:
		return object{"type": "object", "additionalProperties": designSchema(), "maxProperties": k.most, "propertyNames": nameSchema()}
	}
	return numberSchema(k)
}

func nameSchema() object {
	return object{"pattern": `^[^.]+$`, "maxLength": maxNameRunes}
}

// sectionSchema describes a mapping with the keys of k.
func sectionSchema(k *key) object {
	properties := object{}
	var required []string
	var rules []object
	for _, c := range k.keys {
		properties[c.name] = keySchema(c)
		if c.required {
			required = append(required, c.name)
		}
		for _, other := range c.displaces {
			if c.name < other {
				rules = append(rules, object{"not": object{"required": []string{c.name, other}}})
			}
		}
	}
	if len(k.needs) > 0 {
		rules = append(rules, object{"anyOf": eachRequired(k.needs)})
	}
	s := object{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		s["required"] = required
	}
	if len(rules) > 0 {
		s["allOf"] = rules
	}
	return s
}

func eachRequired(names []string) []object {
	all := make([]object, len(names))
	for i, n := range names {
		all[i] = object{"required": []string{n}}
	}
	return all
}

// The texts of numbers with units.
const (
	plainPattern    = `[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?`
	durationPattern = `([0-9.]+([eE][-+]?[0-9]+)?(ns|us|µs|μs|ms|s|m|h|d))+`
	ratePattern     = plainPattern + ` ?/ ?(s|min|h|d|yr)`
	sharePattern    = plainPattern + ` ?%?`
)

func (k *key) pattern() string {
	switch k.kind {
	case duration:
		return durationPattern
	case rate:
		return ratePattern
	case share:
		return sharePattern
	}
	return plainPattern
}

// numberSchema describes a number: plain where it has no unit, a text with
// its unit, a word, a range or a triangle.
func numberSchema(k *key) object {
	one := []object{{"type": "string", "pattern": "^" + k.pattern() + "$"}}
	switch k.kind {
	case count:
		one = []object{k.bounded(object{"type": "integer"})}
	case number, share:
		one = append(one, k.bounded(object{"type": "number"}))
	}
	if len(k.words) > 0 {
		one = append(one, object{"enum": k.words})
	}
	if k.certain {
		return object{"anyOf": one}
	}
	corner := object{"anyOf": one}
	return object{"anyOf": append(one,
		object{"type": "string", "pattern": `^` + k.pattern() + ` ?\.\. ?` + k.pattern() + `$`},
		object{"type": "object", "properties": object{"low": corner, "likely": corner, "high": corner},
			"required": []string{"low", "likely", "high"}, "additionalProperties": false})}
}

// bounded adds the key's range.
func (k *key) bounded(s object) object {
	s["minimum"], s["maximum"] = k.lo, k.hi
	if k.above {
		delete(s, "minimum")
		s["exclusiveMinimum"] = k.lo
	}
	if k.below {
		delete(s, "maximum")
		s["exclusiveMaximum"] = k.hi
	}
	return s
}

func (k *key) defaultJSON() any {
	switch k.kind {
	case truth:
		return k.def == "true"
	case count, number:
		if x, err := strconv.ParseFloat(k.def, 64); err == nil {
			return x
		}
	}
	return k.def
}

// designSchema describes a design: any key that may differ between designs,
// by its dotted path.
func designSchema() object {
	paths := object{}
	overridable(root, "", "#", paths)
	return object{"anyOf": []object{
		{"type": "object", "patternProperties": paths, "additionalProperties": false},
		{"type": "null"},
	}}
}

// overridable lists the paths below k as patterns, each a reference to where
// the schema describes the key.
func overridable(k *key, pattern, pointer string, paths object) {
	for _, c := range k.keys {
		if c.fixed || c.kind == override {
			continue
		}
		p, at := regexp.QuoteMeta(c.name), pointer+"/properties/"+c.name
		if pattern != "" {
			p = pattern + `\.` + p
		}
		paths["^"+p+"$"] = settable(c, at)
		inner := at
		if c.optional && len(c.keys) > 0 {
			inner += "/anyOf/0"
		}
		switch c.kind {
		case named:
			entry := inner + "/additionalProperties"
			paths["^"+p+`\.[^.]+$`] = object{"anyOf": []object{{"$ref": entry}, {"const": "none"}}}
			overridable(c, p+`\.[^.]+`, entry, paths)
		case list:
			paths["^"+p+`\.[0-9]+$`] = object{"$ref": inner + "/items"}
			overridable(c, p+`\.[0-9]+`, inner+"/items", paths)
		case section:
			overridable(c, p, inner, paths)
		}
	}
}

// settable is a key's schema, or the word that removes it.
func settable(k *key, pointer string) object {
	if k.required || k.optional {
		return object{"$ref": pointer}
	}
	return object{"anyOf": []object{{"$ref": pointer}, {"const": "none"}}}
}
