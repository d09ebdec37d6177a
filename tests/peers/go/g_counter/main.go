// GCounter keeps the sum under one key of a store: the one that its argument names,
// or seq-kv.
//
// A node may read the past there. An add is safe all the same, because the
// compare-and-swap of a past value fails. A read first writes something that was
// never written before: nothing that happened earlier is then still unseen.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"sync"
	"time"

	maelstrom "github.com/jepsen-io/maelstrom/demo/go"
)

const (
	key     = "sum"
	timeout = 3 * time.Second
)

type server struct {
	node *maelstrom.Node
	kv   *maelstrom.KV

	mu     sync.Mutex // one change at a time, lest a node compete with itself
	writes int
}

func main() {
	node := maelstrom.NewNode()
	store := maelstrom.SeqKV
	if len(os.Args) > 1 {
		store = os.Args[1]
	}
	s := &server{node: node, kv: maelstrom.NewKV(store, node)}
	node.Handle("add", s.add)
	node.Handle("read", s.read)
	if err := node.Run(); err != nil {
		log.Fatal(err)
	}
}

func (s *server) add(msg maelstrom.Message) error {
	var body struct {
		Delta int `json:"delta"`
	}
	if err := json.Unmarshal(msg.Body, &body); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		sum, err := s.sum(ctx)
		if err != nil {
			return err
		}
		err = s.kv.CompareAndSwap(ctx, key, sum, sum+body.Delta, true)
		if err == nil {
			return s.node.Reply(msg, map[string]any{"type": "add_ok"})
		}
		if maelstrom.ErrorCode(err) != maelstrom.PreconditionFailed {
			return err
		}
	}
}

func (s *server) read(msg maelstrom.Message) error {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes++
	unique := fmt.Sprintf("%s %d", s.node.ID(), s.writes)
	if err := s.kv.Write(ctx, "fresh", unique); err != nil {
		return err
	}
	sum, err := s.sum(ctx)
	if err != nil {
		return err
	}
	return s.node.Reply(msg, map[string]any{"type": "read_ok", "value": sum})
}

// sum returns what this node sees under the key, 0 before the first add.
func (s *server) sum(ctx context.Context) (int, error) {
	sum, err := s.kv.ReadInt(ctx, key)
	if maelstrom.ErrorCode(err) == maelstrom.KeyDoesNotExist {
		return 0, nil
	}
	return sum, err
}
