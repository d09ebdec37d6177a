package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strconv"

	"github.com/anishathalye/porcupine"
)

// A line is an event as the formats have it.
type line struct {
	Type    string          `json:"type"`
	Process int             `json:"process"`
	F       string          `json:"f"`
	Value   json.RawMessage `json:"value"`
	key     string
	text    string
	skip    bool
}

var parsers = map[string]func([]byte) (line, error){
	"jsonl":                parseJSON,
	"porcupine-jepsen-log": parseLog,
	"porcupine-kv-log":     parseKeys,
}

// read returns the events of a history. Operations that never returned return at the
// end, with an unknown result: that is how Porcupine's own tests do it.
func read(format, path string) ([]porcupine.Event, error) {
	parse, known := parsers[format]
	if !known {
		return nil, fmt.Errorf("unknown format %s", format)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var events []porcupine.Event
	open := make(map[int]int)
	calls := 0
	lines := bufio.NewScanner(file)
	lines.Buffer(make([]byte, 1<<20), 1<<26)
	for number := 1; lines.Scan(); number++ {
		event, err := parse(lines.Bytes())
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, number, err)
		}
		if event.skip || event.Type == "info" {
			continue
		}
		found := porcupine.Event{ClientId: event.Process}
		if event.Type == "invoke" {
			found.Kind, found.Id = porcupine.CallEvent, calls
			found.Value, err = event.input()
			open[event.Process] = calls
			calls++
		} else {
			found.Kind, found.Id = porcupine.ReturnEvent, open[event.Process]
			found.Value, err = event.output()
			delete(open, event.Process)
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, number, err)
		}
		events = append(events, found)
	}
	for process, id := range open {
		events = append(events, porcupine.Event{
			ClientId: process, Kind: porcupine.ReturnEvent, Id: id,
			Value: output{unknown: true},
		})
	}
	return events, lines.Err()
}

func (event line) input() (called input, err error) {
	f, known := operations[event.F]
	if !known {
		return called, fmt.Errorf("unknown function %s", event.F)
	}
	called = input{f: f, key: event.key, text: event.text}
	switch f {
	case cas:
		var pair [2]int
		err = json.Unmarshal(event.Value, &pair)
		called.a, called.b = pair[0], pair[1]
	case write, enqueue:
		if event.Value != nil {
			called.a, err = integer(event.Value)
		}
	}
	return called, err
}

func (event line) output() (returned output, err error) {
	returned = output{text: event.text, value: nothing}
	if event.Type == "fail" {
		// A read that failed says nothing; a cas that failed found another value.
		returned.failed = event.F == "cas"
		returned.unknown = !returned.failed
		return returned, nil
	}
	if event.F == "read" || event.F == "dequeue" {
		returned.value, err = integer(event.Value)
	}
	return returned, err
}

func integer(text []byte) (int, error) {
	if len(text) == 0 || bytes.Equal(text, []byte("null")) {
		return nothing, nil
	}
	return strconv.Atoi(string(text))
}

func parseJSON(text []byte) (event line, err error) {
	err = json.Unmarshal(text, &event)
	return event, err
}

var logLine = regexp.MustCompile(
	`^INFO\s+jepsen\.util\s+-\s+(\d+)\s+:(invoke|ok|fail|info)\s+:(read|write|cas)\s+(.*)$`)

func parseLog(text []byte) (event line, err error) {
	found := logLine.FindSubmatch(text)
	if found == nil {
		return line{skip: true}, nil
	}
	event.Process, err = strconv.Atoi(string(found[1]))
	event.Type, event.F = string(found[2]), string(found[3])
	if value := found[4]; !bytes.Equal(value, []byte("nil")) {
		event.Value = bytes.Replace(value, []byte(" "), []byte(","), 1)
	}
	return event, err
}

var keyLine = regexp.MustCompile(
	`^{:process (\d+), :type :(\w+), :f :(\w+), :key "(.*)", :value (?:nil|"(.*)")}$`)

func parseKeys(text []byte) (event line, err error) {
	found := keyLine.FindSubmatch(text)
	if found == nil {
		return line{skip: true}, nil
	}
	event.Process, err = strconv.Atoi(string(found[1]))
	event.Type, event.F = string(found[2]), string(found[3])
	event.key, event.text = string(found[4]), string(found[5])
	return event, err
}
