package main

import (
	"encoding/binary"
	"hash/fnv"

	"github.com/anishathalye/porcupine"
)

// The models of registers and of keys are those of Porcupine's own tests; that of a
// queue is written in their manner.
var models = map[string]porcupine.Model{
	"cas-register": register,
	"register":     register,
	"kv":           keys,
	"fifo-queue":   queue,
}

type operation uint8

const (
	read_ operation = iota
	write
	cas
	appendTo
	enqueue
	dequeue
)

var operations = map[string]operation{
	"read": read_, "get": read_, "write": write, "put": write, "cas": cas,
	"append": appendTo, "enqueue": enqueue, "dequeue": dequeue,
}

// nothing is the value of a register at first, and what an empty queue gives.
const nothing = -1000000

type input struct {
	f    operation
	a, b int
	key  string
	text string
}

type output struct {
	failed, unknown bool
	value           int
	text            string
}

var register = porcupine.Model{
	Init: func() interface{} { return nothing },
	Step: func(state, in, out interface{}) (bool, interface{}) {
		now, called, returned := state.(int), in.(input), out.(output)
		switch called.f {
		case read_:
			return returned.unknown || returned.value == now, state
		case write:
			return true, called.a
		default:
			if called.a == now {
				return returned.unknown || !returned.failed, called.b
			}
			return returned.unknown || returned.failed, state
		}
	},
}

var keys = porcupine.Model{
	PartitionEvent: func(history []porcupine.Event) [][]porcupine.Event {
		parts := make(map[string][]porcupine.Event)
		keyOf := make(map[int]string)
		for _, event := range history {
			if event.Kind == porcupine.CallEvent {
				keyOf[event.Id] = event.Value.(input).key
			}
			key := keyOf[event.Id]
			parts[key] = append(parts[key], event)
		}
		var found [][]porcupine.Event
		for _, part := range parts {
			found = append(found, part)
		}
		return found
	},
	Init: func() interface{} { return "" },
	Step: func(state, in, out interface{}) (bool, interface{}) {
		now, called, returned := state.(string), in.(input), out.(output)
		switch called.f {
		case read_:
			return returned.unknown || returned.text == now, state
		case write:
			return true, called.text
		default:
			return true, now + called.text
		}
	},
	Hash: hash,
}

// A state is the elements as text, eight bytes each.
var queue = porcupine.Model{
	Init: func() interface{} { return "" },
	Step: func(state, in, out interface{}) (bool, interface{}) {
		now, called, returned := state.(string), in.(input), out.(output)
		if called.f == enqueue {
			var element [8]byte
			binary.LittleEndian.PutUint64(element[:], uint64(called.a))
			return true, now + string(element[:])
		}
		if now == "" {
			return returned.unknown || returned.value == nothing, state
		}
		first := int(binary.LittleEndian.Uint64([]byte(now[:8])))
		return returned.unknown || returned.value == first, now[8:]
	},
	Hash: hash,
}

func hash(state interface{}) uint64 {
	sum := fnv.New64a()
	sum.Write([]byte(state.(string)))
	return sum.Sum64()
}
