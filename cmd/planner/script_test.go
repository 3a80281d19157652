package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"math"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"planner": main})
}

// TestScripts runs every session in testdata/script as a user would type it,
// each in a directory of its own; $SCENARIOS holds the shipped scenarios and
// $TESTDATA what lies around them.
func TestScripts(t *testing.T) {
	data, err := filepath.Abs(filepath.Join("..", "..", "testdata"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join(data, "script"),
		Setup: func(e *testscript.Env) error {
			e.Setenv("TESTDATA", data)
			e.Setenv("SCENARIOS", filepath.Join(data, "scenarios"))
			e.Setenv("NO_COLOR", "1")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "json": checkJSON, "samejson": sameJSON, "isjson": isJSON, "png": checkPNG,
		},
		RequireExplicitExec: true,
	})
}

// exits CODE COMMAND... runs a command that must end with the code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARG...]")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if err != nil {
		_, text, _ := strings.Cut(err.Error(), "exit status ")
		if code, err = strconv.Atoi(text); err != nil {
			ts.Fatalf("%s did not exit by itself: %v", args[1], err)
		}
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// json FILE PATH OP VALUE checks one value of a JSON document: PATH is dotted
// with list positions from 0, OP one of == != < > <= >= near (NUMBER%) and
// has; "length" as the last part of a path is that of a list.
func checkJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 4 {
		ts.Fatalf("usage: json FILE PATH OP VALUE")
	}
	var doc any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &doc))
	got, err := atPath(doc, args[1])
	ts.Check(err)
	ok, err := holds(got, args[2], args[3:])
	ts.Check(err)
	if ok == neg {
		ts.Fatalf("%s is %v: want %v %s", args[1], got, !neg, strings.Join(args[2:], " "))
	}
}

// samejson FILE PATH FILE PATH checks that two values are the same.
func sameJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 4 {
		ts.Fatalf("usage: samejson FILE PATH FILE PATH")
	}
	var got [2]any
	for i := range got {
		var doc any
		ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[2*i])), &doc))
		var err error
		got[i], err = atPath(doc, args[2*i+1])
		ts.Check(err)
	}
	if reflect.DeepEqual(got[0], got[1]) == neg {
		ts.Fatalf("%s is %v, %s is %v", args[1], got[0], args[3], got[1])
	}
}

// isjson FILE checks that the file is one JSON document and nothing else.
func isJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: isjson FILE")
	}
	if json.Valid([]byte(ts.ReadFile(args[0]))) == neg {
		ts.Fatalf("%s: valid JSON is %v", args[0], !neg)
	}
}

func atPath(doc any, path string) (any, error) {
	for _, key := range strings.Split(path, ".") {
		switch at := doc.(type) {
		case map[string]any:
			next, there := at[key]
			if !there {
				return nil, fmt.Errorf("%s: there is no %q", path, key)
			}
			doc = next
		case []any:
			if key == "length" {
				return float64(len(at)), nil
			}
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(at) {
				return nil, fmt.Errorf("%s: no position %q in a list of %d", path, key, len(at))
			}
			doc = at[i]
		default:
			return nil, fmt.Errorf("%s: nothing below %v", path, at)
		}
	}
	return doc, nil
}

func holds(got any, op string, want []string) (bool, error) {
	text := strings.Join(want, " ")
	x, isNumber := got.(float64)
	y, err := strconv.ParseFloat(want[0], 64)
	if !isNumber || err != nil {
		switch op {
		case "==":
			return fmt.Sprint(got) == text, nil
		case "!=":
			return fmt.Sprint(got) != text, nil
		case "has":
			return strings.Contains(fmt.Sprint(got), text), nil
		}
		return false, fmt.Errorf("%v %s %s compares numbers only", got, op, text)
	}
	switch op {
	case "==":
		return x == y, nil
	case "!=":
		return x != y, nil
	case "<":
		return x < y, nil
	case ">":
		return x > y, nil
	case "<=":
		return x <= y, nil
	case ">=":
		return x >= y, nil
	case "near":
		share, err := strconv.ParseFloat(strings.TrimSuffix(want[1], "%"), 64)
		return math.Abs(x-y) <= share/100*math.Abs(y), err
	}
	return false, fmt.Errorf("unknown comparison %q", op)
}

// png FILE... checks that each is a picture of a page's width or more.
func checkPNG(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		c, err := png.DecodeConfig(bytes.NewReader([]byte(ts.ReadFile(name))))
		ts.Check(err)
		if c.Width < 600 || c.Height < 300 {
			ts.Fatalf("%s is only %d x %d", name, c.Width, c.Height)
		}
	}
}
