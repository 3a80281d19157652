package shard

import (
	"fmt"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// contents is what follows the header of a part: the study's files, in part 1
// only, then the blocks, then the end.
type contents struct {
	part   int
	files  []Input
	paths  map[string]bool // of the files, true, and of the folders that they are in
	blocks map[string]packed
}

func newContents(part int) *contents {
	return &contents{part: part, paths: map[string]bool{}, blocks: map[string]packed{}}
}

// take adds a record, or says why it cannot be where it is.
func (c *contents) take(rec packed) (why string) {
	switch rec.kind {
	case kindFile:
		if len(c.blocks) > 0 {
			return fmt.Sprintf("it holds the file %q after its blocks", rec.name)
		}
		if c.part != 1 {
			return fmt.Sprintf("it holds the file %q, and only part 1 holds files", rec.name)
		}
		if why := c.misnamed(rec.name); why != "" {
			return why
		}
		c.files = append(c.files, Input{rec})
		return ""
	case kindBlock:
		if c.part == 1 && len(c.files) == 0 {
			return "it is part 1 and holds no scenario before its blocks"
		}
		if _, twice := c.blocks[rec.name]; twice {
			return fmt.Sprintf("it holds the block %q twice", rec.name)
		}
		c.blocks[rec.name] = rec
		return ""
	case kindHeader:
		return "it has two headers"
	}
	return fmt.Sprintf("it holds a record of the unknown kind %q", rec.kind)
}

// end says why the part cannot end with that record, after so many before it.
func (c *contents) end(rec packed, before int) (why string) {
	switch said, err := rec.data(); {
	case err != nil || string(said) != strconv.Itoa(before):
		return fmt.Sprintf("it has %d records and says %q", before, said)
	case c.part == 1 && len(c.files) == 0:
		return "it is part 1 and holds no scenario"
	}
	return ""
}

// mostElement is the longest name of a file or folder that file systems allow.
const mostElement = 255

// misnamed says why a file of that name cannot be unpacked into a folder,
// beside those before it, whose paths it joins.
func (c *contents) misnamed(name string) (why string) {
	clean := path.Clean(name)
	switch {
	case name == "" || clean == "." || strings.HasSuffix(name, "/"):
		return fmt.Sprintf("it holds a file whose name is %q, which names none", name)
	case strings.ContainsRune(name, 0):
		return fmt.Sprintf("it holds a file whose name is %q, which no file can have", name)
	case !filepath.IsLocal(name):
		return fmt.Sprintf("the name of its file %q leads out of the scenario's folder", name)
	}
	for _, e := range strings.Split(clean, "/") {
		if len(e) > mostElement {
			return fmt.Sprintf("a name in the path of its file %q has %d bytes, at most %d are allowed", name, len(e), mostElement)
		}
	}
	if _, taken := c.paths[clean]; taken {
		return fmt.Sprintf("it holds two files named %q, or one and a folder", clean)
	}
	c.paths[clean] = true
	for dir := path.Dir(clean); dir != "."; dir = path.Dir(dir) {
		if c.paths[dir] {
			return fmt.Sprintf("its file %q is in a folder that is its file %q too", clean, dir)
		}
		c.paths[dir] = false
	}
	return ""
}
