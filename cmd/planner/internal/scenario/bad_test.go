package scenario

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the expected messages of testdata/scenarios/bad")

// Every file in the folder has one fault, and the text file beside it says
// exactly what is told of it: nothing less, and no fault that follows from
// another.
func TestBadScenariosSayWhatIsWrong(t *testing.T) {
	folder := filepath.Join(shippedFolder, "bad")
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil || len(files) < 30 {
		t.Fatalf("bad scenarios: %d, %v", len(files), err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(strings.TrimSuffix(name, ".yaml"), func(t *testing.T) {
			_, err := Load(file)
			var faults Faults
			if !errors.As(err, &faults) {
				t.Fatalf("got %v, want faults", err)
			}
			if len(faults) != 1 {
				t.Errorf("got %d faults, want 1", len(faults))
			}
			got := strings.ReplaceAll(faults.Error(), folder+string(filepath.Separator), "") + "\n"
			expected := strings.TrimSuffix(file, ".yaml") + ".txt"
			if *update {
				if err := os.WriteFile(expected, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(expected)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("message (-want +got):\n%s", diff)
			}
		})
	}
}
