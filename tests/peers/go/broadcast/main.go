// Broadcast sends every value to all neighbours, again and again until each of
// them has acknowledged it.
package main

import (
	"encoding/json"
	"log"
	"slices"
	"sync"
	"time"

	maelstrom "github.com/jepsen-io/maelstrom/demo/go"
)

const retryInterval = 100 * time.Millisecond

type valueMessage struct {
	Type    string `json:"type"`
	Message int    `json:"message"`
}

type server struct {
	node *maelstrom.Node

	mu         sync.Mutex
	seen       map[int]bool
	neighbours []string
	owed       map[string]map[int]bool
}

func main() {
	s := &server{
		node: maelstrom.NewNode(),
		seen: map[int]bool{},
		owed: map[string]map[int]bool{},
	}
	s.node.Handle("topology", s.topology)
	s.node.Handle("broadcast", s.broadcast)
	s.node.Handle("gossip", s.gossip)
	s.node.Handle("read", s.read)
	go s.retry()
	if err := s.node.Run(); err != nil {
		log.Fatal(err)
	}
}

func (s *server) topology(msg maelstrom.Message) error {
	var body struct {
		Topology map[string][]string `json:"topology"`
	}
	if err := json.Unmarshal(msg.Body, &body); err != nil {
		return err
	}
	s.mu.Lock()
	s.neighbours = body.Topology[s.node.ID()]
	for _, peer := range s.neighbours {
		s.owed[peer] = map[int]bool{}
	}
	s.mu.Unlock()
	return s.node.Reply(msg, map[string]any{"type": "topology_ok"})
}

func (s *server) broadcast(msg maelstrom.Message) error {
	return s.take(msg, "broadcast_ok")
}

func (s *server) gossip(msg maelstrom.Message) error {
	return s.take(msg, "gossip_ok")
}

// take acknowledges a value and passes it on if it is new.
func (s *server) take(msg maelstrom.Message, reply string) error {
	var body valueMessage
	if err := json.Unmarshal(msg.Body, &body); err != nil {
		return err
	}
	s.mu.Lock()
	known := s.seen[body.Message]
	s.seen[body.Message] = true
	var peers []string
	if !known {
		for _, peer := range s.neighbours {
			if peer != msg.Src {
				s.owed[peer][body.Message] = true
				peers = append(peers, peer)
			}
		}
	}
	s.mu.Unlock()
	for _, peer := range peers {
		if err := s.send(peer, body.Message); err != nil {
			return err
		}
	}
	return s.node.Reply(msg, map[string]any{"type": reply})
}

func (s *server) read(msg maelstrom.Message) error {
	s.mu.Lock()
	values := make([]int, 0, len(s.seen))
	for value := range s.seen {
		values = append(values, value)
	}
	s.mu.Unlock()
	slices.Sort(values)
	return s.node.Reply(msg, map[string]any{"type": "read_ok", "messages": values})
}

// send tells a peer a value, which is owed until the peer answers.
func (s *server) send(peer string, value int) error {
	body := valueMessage{Type: "gossip", Message: value}
	return s.node.RPC(peer, body, func(maelstrom.Message) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.owed[peer], value)
		return nil
	})
}

// retry sends what was owed at the last tick and still is.
func (s *server) retry() {
	type debt struct {
		peer  string
		value int
	}
	before := map[debt]bool{}
	for range time.Tick(retryInterval) {
		now := map[debt]bool{}
		s.mu.Lock()
		for peer, values := range s.owed {
			for value := range values {
				now[debt{peer, value}] = true
			}
		}
		s.mu.Unlock()
		for owed := range now {
			if before[owed] {
				if err := s.send(owed.peer, owed.value); err != nil {
					log.Fatal(err)
				}
			}
		}
		before = now
	}
}
