//go:build unix

package shard

import (
	"errors"
	"os"
	"syscall"
)

// lock takes the file for this process until it is closed; free is false if
// another process has it.
func lock(f *os.File) (free bool, err error) {
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}
