package study

import "sync"

// notebook is a ledger in memory, of one process.
type notebook struct {
	mu     sync.Mutex
	blocks map[string][]byte
}

func newNotebook() *notebook { return &notebook{blocks: map[string][]byte{}} }

func (n *notebook) Load(block string) ([]byte, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	data, ok := n.blocks[block]
	return data, ok
}

func (n *notebook) Store(block string, data []byte) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.blocks[block] = data
	return nil
}

func (*notebook) Mine(int) bool { return true }
func (*notebook) Sharing() bool { return false }
