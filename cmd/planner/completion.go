package main

import (
	"fmt"
	"io"

	"github.com/urfave/cli/v2"
)

// The scripts ask the program itself, through urfave/cli's completion flag,
// and fall back on file names, since most commands take a file.
var completionScripts = map[string]string{
	"bash": `_planner() {
  local word="${COMP_WORDS[COMP_CWORD]}" line
  local words=("${COMP_WORDS[@]:0:COMP_CWORD}")
  [[ "$word" == -* ]] && words+=("$word")
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("$line")
  done < <(compgen -W "$("${words[@]}" --generate-bash-completion 2>/dev/null)" -- "$word")
}
complete -o bashdefault -o default -F _planner planner
`,
	"zsh": `#compdef planner
_planner() {
  local -a options
  if [[ "${words[-1]}" == -* ]]; then
    options=("${(@f)$("${words[@]}" --generate-bash-completion 2>/dev/null)}")
  else
    options=("${(@f)$("${words[@]:0:-1}" --generate-bash-completion 2>/dev/null)}")
  fi
  compadd -a options
  _files
}
compdef _planner planner
`,
}

func completionCommand() *cli.Command {
	return &cli.Command{
		Name:        "completion",
		Usage:       "print a shell completion script for bash, zsh or fish",
		ArgsUsage:   "SHELL",
		Description: "Example: planner completion bash > planner.bash",
		Action:      printCompletion,
	}
}

func printCompletion(c *cli.Context) error {
	shell, err := oneArgument(c, "a shell: bash, zsh or fish")
	if err != nil {
		return err
	}
	script, known := completionScripts[shell]
	if shell == "fish" {
		known = true
		if script, err = c.App.ToFishCompletion(); err != nil {
			return fmt.Errorf("making the fish completion: %w", err)
		}
	}
	if !known {
		return usageErrorf("bash, zsh and fish are known", "no completion for the shell %q", shell)
	}
	return answer(c.App.Writer, func(w io.Writer) error {
		_, err := io.WriteString(w, script)
		return err
	})
}
