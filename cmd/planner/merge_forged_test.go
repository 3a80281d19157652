package main

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"singlelane/cmd/planner/internal/shard"
	"singlelane/cmd/planner/internal/study"
)

// forgeries calls try with each change of one place below v, and puts the
// place back as it was.
func forgeries(v reflect.Value, where string, try func(what string)) {
	change := func(what string, to reflect.Value) {
		was := reflect.New(v.Type()).Elem()
		was.Set(v)
		v.Set(to)
		try(where + " " + what)
		v.Set(was)
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				forgeries(v.Field(i), where+"."+f.Name, try)
			}
		}
	case reflect.Pointer:
		if v.IsNil() {
			change("is there", reflect.New(v.Type().Elem()))
			return
		}
		change("is not there", reflect.Zero(v.Type()))
		change("is blank", reflect.New(v.Type().Elem()))
		forgeries(v.Elem(), where, try)
	case reflect.Slice:
		for _, n := range []int{0, v.Len() + 1} {
			change(fmt.Sprintf("has %d", n), reflect.MakeSlice(v.Type(), n, n))
		}
		for i := range min(v.Len(), 2) {
			forgeries(v.Index(i), fmt.Sprintf("%s[%d]", where, i), try)
		}
	case reflect.String:
		change("is another", reflect.ValueOf("x\x1b[2J").Convert(v.Type()))
	case reflect.Float64:
		for _, x := range []float64{math.NaN(), math.Inf(1), -1} {
			change(fmt.Sprint("is ", x), reflect.ValueOf(x).Convert(v.Type()))
		}
	case reflect.Int, reflect.Int64:
		for _, x := range []int64{-1, math.MaxInt64} {
			change(fmt.Sprint("is ", x), reflect.ValueOf(x).Convert(v.Type()))
		}
	case reflect.Bool:
		change("is not", reflect.ValueOf(!v.Bool()).Convert(v.Type()))
	}
}

// Answers that a part holds may be made up, in any one place: the merge refuses
// them or prints what they say, and never fails on them.
func TestMergeSurvivesForgedAnswers(t *testing.T) {
	dir := t.TempDir()
	storm, path := filepath.Join(dir, "storm.yaml"), filepath.Join(dir, "part")
	if err := os.WriteFile(storm, []byte(killStorm), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, how := range [][]string{
		{"--set", "retries=none", "--set", "control_plane.service.law=exponential", "--metric", "p99"},
		{"--metric", "longest_wait"},
		{"--set", "streams.crowd.count=5000", "--metric", "longest_wait"}, // some storms get stuck
		{"--set", "year={region_events: 1/yr}", "--json", "--metric", "breaches_per_year"},
	} {
		var part, complaint bytes.Buffer
		if code := run(t.Context(), append([]string{"planner", "sweep", storm, "--vary", "control_plane.servers=3..4", "--replications", "20", "--shard", "1/1"}, how...), &part, &complaint); code != exitDone {
			t.Fatal(complaint.String())
		}
		if err := os.WriteFile(path, part.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		var stdout bytes.Buffer
		if code := run(t.Context(), []string{"planner", "merge", "--quiet", path}, &stdout, &complaint); code != exitDone || stdout.Len() == 0 {
			t.Fatalf("%v: exit code %d, %s", how, code, complaint.String())
		}
		book, _, err := shard.Join([]string{path})
		if err != nil {
			t.Fatal(err)
		}
		var cells [2][]study.Answer
		for i := range cells {
			data, ok := book.Load(fmt.Sprintf("cell/%d", i))
			if !ok {
				t.Fatalf("no cell %d", i)
			}
			cells[i] = make([]study.Answer, 1)
			if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&cells[i][0]); err != nil {
				t.Fatal(err)
			}
		}
		forgeries(reflect.ValueOf(&cells[1]).Elem(), how[len(how)-1]+": ", func(what string) {
			b := shard.New(book.Header())
			for i, answers := range cells {
				var data bytes.Buffer
				out := gob.NewEncoder(&data)
				for _, a := range answers {
					if err := out.Encode(a); err != nil {
						return // of what gob cannot write there is no part
					}
				}
				if err := b.Store(fmt.Sprintf("cell/%d", i), data.Bytes()); err != nil {
					t.Fatal(err)
				}
			}
			var forged, stdout, stderr bytes.Buffer
			if err := b.WritePart(&forged, []shard.File{{Name: "storm.yaml", Data: []byte(killStorm)}}); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, forged.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			defer func() {
				if p := recover(); p != nil {
					t.Errorf("%s: panic: %v", what, p)
				}
			}()
			code := run(t.Context(), []string{"planner", "merge", "--quiet", path}, &stdout, &stderr)
			if strings.Contains(stdout.String(), "NaN") || strings.Contains(stdout.String(), "\x1b") || code != exitDone && stdout.Len() > 0 || code == exitDone && stdout.Len() == 0 {
				t.Errorf("%s: exit code %d, stdout %q, stderr %q", what, code, stdout.String(), stderr.String())
			}
		})
	}
}
