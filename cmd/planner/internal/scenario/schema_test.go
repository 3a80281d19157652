package scenario

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

func compiledSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("scenario.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("scenario.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func plainValue(t testing.TB, text []byte) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func shippedFiles(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(shippedFolder, "*.yaml"))
	if err != nil || len(files) < 4 {
		t.Fatalf("shipped scenarios: %v, %v", files, err)
	}
	return files
}

func TestShippedScenariosFitTheSchema(t *testing.T) {
	schema := compiledSchema(t)
	for _, file := range shippedFiles(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(plainValue(t, text)); err != nil {
			t.Errorf("%s: %v", filepath.Base(file), err)
		}
	}
	for _, text := range []string{small, Starter} {
		if err := schema.Validate(plainValue(t, []byte(text))); err != nil {
			t.Error(err)
		}
	}
}

// The schema and the decoder refuse the same things where a schema can say
// them.
func TestSchemaRefusesWhatTheDecoderRefuses(t *testing.T) {
	schema := compiledSchema(t)
	for _, c := range []struct{ old, new string }{
		{"servers: 8", "servers: 0"},
		{"servers: 8", "servers: eight"},
		{"  servers: 8\n", ""},
		{"servers: 8", "servers: 8\n  total_servers: 8"},
		{"mean: 900ms", "mean: 900"},
		{"rate: 4/s", "rate: 4"},
		{"rate: 4/s", "rate: 4/week"},
		{"share: 60%", "share: 1.6"},
		{"confidence: 99%", "confidence: 1"},
		{"urgent: true", "urgent: 7"},
		{"urgent: true", "urgnt: true"},
		{"region.headroom: 25%", "region.headrom: 25%"},
		{"region.headroom: 25%", "objective.confidence: 25%"},
		{"region.headroom: 25%", "region.headroom: 2s"},
		{"control_plane.lanes: per-zone", "control_plane.lanes: per zone"},
		{"name: us-east-1, 29 June 2012\n", ""},
		{"mean_delay: 40m", "mean_delay: 40m, rate: 1/s"},
		{"relaunches:", "re.launches:"},
	} {
		text := strings.Replace(small, c.old, c.new, 1)
		if text == small {
			t.Fatalf("%q is not in the text", c.old)
		}
		if _, err := loadText(t, text); err == nil {
			t.Errorf("decoder accepts %q", c.new)
		}
		if err := schema.Validate(plainValue(t, []byte(text))); err == nil {
			t.Errorf("schema accepts %q", c.new)
		}
	}
}

func TestSchemaAcceptsWhatTheDecoderAccepts(t *testing.T) {
	schema := compiledSchema(t)
	for _, c := range []struct{ old, new string }{
		{"servers: 8", "servers: 6..12"},
		{"servers: 8", "servers: {low: 6, likely: 8, high: 12}"},
		{"servers: 8", "total_servers: 8"},
		{"rate: 4/s", "rate: 3/s..240/min"},
		{"share: 60%", "share: 0.6"},
		{"share: 60%", "share: 50%..0.7"},
		{"mean: 900ms", "mean: 1m30.5s, law: erlang, scv: 0.25"},
		{"servers: 8", "servers: 8\n  queue_limit: none\n  scale_out: [{after: 1h, servers: 4}]"},
		{"servers: 8", "servers: 8\n  throttle: {max_waiting: 100}\n  slow_down: {at: 1000, factor: 2.5}"},
		{"shared lane: {}", "shared lane:"},
		{"region.headroom: 25%", "streams.scale-up bug: none"},
		{"region.headroom: 25%", "streams.more: {rate: 1/s}, control_plane.scale_out.0: {after: 1h, servers: 4}"},
		{"region.headroom: 25%", "control_plane.throttle.max_waiting: 5, streams.relaunches.rate: 3/s"},
	} {
		text := strings.Replace(small, c.old, c.new, 1)
		if _, err := loadText(t, text); err != nil {
			t.Errorf("decoder refuses %q: %v", c.new, err)
		}
		if err := schema.Validate(plainValue(t, []byte(text))); err != nil {
			t.Errorf("schema refuses %q: %v", c.new, err)
		}
	}
}
