// Package kubernetes holds the manifest of docs/deploy against the types of
// the Kubernetes API. It is a module of its own, so that the tool does not
// depend on them.
package kubernetes

import (
	"bytes"
	"os"
	"strconv"
	"strings"
	"testing"

	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// documents are those of the manifest, in its order.
func documents(t *testing.T) [][]byte {
	t.Helper()
	text, err := os.ReadFile("../../kubernetes.yaml")
	if err != nil {
		t.Fatal(err)
	}
	all := bytes.Split(text, []byte("\n---\n"))
	if len(all) != 3 {
		t.Fatalf("%d documents, want a claim, a job and a job", len(all))
	}
	return all
}

func decode[T any](t *testing.T, text []byte) (v T) {
	t.Helper()
	if err := yaml.UnmarshalStrict(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestManifestIsOfTheAPI(t *testing.T) {
	all := documents(t)
	claim := decode[core.PersistentVolumeClaim](t, all[0])
	parts, merge := decode[batch.Job](t, all[1]), decode[batch.Job](t, all[2])
	if parts.Spec.CompletionMode == nil || *parts.Spec.CompletionMode != batch.IndexedCompletion {
		t.Error("the parts are not an Indexed Job")
	}
	for _, job := range []batch.Job{parts, merge} {
		pod := job.Spec.Template.Spec
		if pod.Volumes[0].PersistentVolumeClaim.ClaimName != claim.Name {
			t.Errorf("%s does not keep the parts in %s", job.Name, claim.Name)
		}
		if pod.RestartPolicy != core.RestartPolicyOnFailure {
			t.Errorf("%s does not start again what failed", job.Name)
		}
		mounted(t, pod)
	}
}

// mounted checks that every volume that a container mounts is there.
func mounted(t *testing.T, pod core.PodSpec) {
	t.Helper()
	there := map[string]bool{}
	for _, v := range pod.Volumes {
		there[v.Name] = true
	}
	for _, c := range append(pod.InitContainers, pod.Containers...) {
		for _, m := range c.VolumeMounts {
			if !there[m.Name] {
				t.Errorf("%s mounts %s, which is no volume", c.Name, m.Name)
			}
		}
	}
}

func TestPartsAndIndexesAgree(t *testing.T) {
	all := documents(t)
	parts, merge := decode[batch.Job](t, all[1]), decode[batch.Job](t, all[2])
	n := int(*parts.Spec.Completions)
	env := parts.Spec.Template.Spec.Containers[0].Env
	if len(env) != 1 || env[0].Name != "JOB_COMPLETIONS" || env[0].Value != strconv.Itoa(n) {
		t.Errorf("the environment %v does not say that there are %d parts", env, n)
	}
	for i := range n {
		if !strings.Contains(merge.Spec.Template.Spec.InitContainers[0].Args[0], " "+strconv.Itoa(i)) {
			t.Errorf("the merge does not wait for part %d", i)
		}
	}
	if got := merge.Spec.Template.Spec.Containers[0].Args[0]; !strings.HasSuffix(got, "part-[0-"+strconv.Itoa(n-1)+"]") {
		t.Errorf("the merge takes %q, not all %d parts", got, n)
	}
}

func TestUnknownFieldsAreRefused(t *testing.T) {
	text := bytes.Replace(documents(t)[1], []byte("completionMode"), []byte("completionMood"), 1)
	var job batch.Job
	if err := yaml.UnmarshalStrict(text, &job); err == nil {
		t.Error("a field that the API does not have was taken")
	}
}
