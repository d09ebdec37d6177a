// Checks histories with Porcupine and prints what each took, as a line of JSON.
//
// Usage: porcupine [-limit DURATION] [-memory MEGABYTES] FORMAT MODEL PATH...
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/anishathalye/porcupine"
)

// What is quick is repeated: so long, so often at most.
const (
	enough = 300 * time.Millisecond
	rounds = 20
)

type measurement struct {
	Verdict string  `json:"verdict"`
	ReadS   float64 `json:"read_s"`
	CheckS  float64 `json:"check_s"`
	PeakMB  float64 `json:"peak_mb"`
	Lack    string  `json:"lack"`
}

func main() {
	limit := flag.Duration("limit", 15*time.Second, "how long a check may take")
	memory := flag.Uint64("memory", 8192, "megabytes of address space to live in")
	flag.Parse()
	if flag.NArg() < 3 {
		fail("expected a format, a model and paths")
	}
	model, known := models[flag.Arg(1)]
	if !known {
		fail("unknown model " + flag.Arg(1))
	}
	bound := syscall.Rlimit{Cur: *memory << 20, Max: *memory << 20}
	if err := syscall.Setrlimit(syscall.RLIMIT_AS, &bound); err != nil {
		fail(err.Error())
	}
	for _, path := range flag.Args()[2:] {
		line, err := json.Marshal(measure(model, flag.Arg(0), path, *limit))
		if err != nil {
			fail(err.Error())
		}
		fmt.Println(string(line))
	}
}

// measure reads and checks a history as often as it is quick; returns the least times.
func measure(model porcupine.Model, format, path string, limit time.Duration) measurement {
	var found measurement
	var events []porcupine.Event
	found.ReadS = least(func() {
		var err error
		if events, err = read(format, path); err != nil {
			fail(err.Error())
		}
	})
	found.CheckS = least(func() {
		verdict := porcupine.CheckEventsTimeout(model, events, limit)
		found.Verdict = strings.ToLower(string(verdict))
	})
	if found.Verdict == "unknown" {
		found.Lack = fmt.Sprintf(">%g s", limit.Seconds())
	}
	found.PeakMB = peak()
	return found
}

// least returns the seconds that work takes, done as often as it is quick.
func least(work func()) float64 {
	best, spent := 0.0, 0.0
	for round := 0; round < rounds && spent < enough.Seconds(); round++ {
		runtime.GC()
		seconds := timed(work)
		if round == 0 || seconds < best {
			best = seconds
		}
		spent += seconds
	}
	return best
}

// timed returns the seconds that work takes: of the wall or of the processors,
// whichever is less. So neither what others do on this machine counts against
// Porcupine, nor that it uses several cores.
func timed(work func()) float64 {
	start, used := time.Now(), processor()
	work()
	return min((processor() - used).Seconds(), time.Since(start).Seconds())
}

func processor() time.Duration {
	used := usage()
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// peak returns the most memory that this process has held, in megabytes. Linux also
// tells it by getrusage, but there the process that started this one counts as well.
func peak() float64 {
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		if found := highest.FindSubmatch(status); found != nil {
			kilobytes, _ := strconv.Atoi(string(found[1]))
			return float64(kilobytes) / 1024
		}
	}
	return float64(usage().Maxrss) / 1024
}

var highest = regexp.MustCompile(`VmHWM:\s*(\d+) kB`)

func usage() (used syscall.Rusage) {
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		fail(err.Error())
	}
	return used
}

func fail(reason string) {
	fmt.Fprintln(os.Stderr, reason)
	os.Exit(1)
}
