// Command soak drives replyguard at full load for some minutes on loopback and
// says whether it stayed flat: no errors, no growing memory, no growing number
// of goroutines. It builds and starts the service itself.
//
//	go run ./deploy/soak -seconds 300
package main

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// bodies are requests of every outcome.
var bodies = []string{
	`{"reply":"亲您好，这款是纯棉的面料，夏天穿很透气，您平时穿什么尺码呢"}`,
	`{"reply":"亲，没有哦","conversation":{"id":"c-1","agent":"小美","messages":[{"from":"buyer","text":"有发票吗"}]}}`,
	`{"reply":"小金额没有发票，可以提供收据，下次累积一起开吧","facts":{"points":{"general":6}},"options":{"explain":true}}`,
	`{"reply":"今天一定发货","order":{"amount":"9.30","status":"paid"}}`,
	`{"reply":"可以的，您拍下就好","options":{"rewrite":false,"offsets":"utf16"}}`,
}

// sample is what was seen at one moment.
type sample struct {
	at         time.Duration
	requests   int64
	errors     int64
	rss        float64 // bytes
	goroutines float64
}

func main() {
	seconds := flag.Int("seconds", 300, "length of the run")
	clients := flag.Int("clients", 8, "connections at once")
	flag.Parse()
	ok, err := soak(time.Duration(*seconds)*time.Second, *clients)
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

func soak(length time.Duration, clients int) (bool, error) {
	dir, err := os.MkdirTemp("", "soak")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	bin := filepath.Join(dir, "replyguard")
	build := exec.Command("go", "build", "-o", bin, "./cmd/replyguard") //nolint:noctx // short
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return false, fmt.Errorf("build: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	cmd, base, err := start(ctx, bin, dir)
	if err != nil {
		return false, err
	}
	fmt.Printf("%8s %12s %8s %10s %8s %11s\n", "seconds", "requests", "errors", "req/s", "RSS MiB", "goroutines")
	var requests, failed atomic.Int64
	begin := time.Now()
	var load sync.WaitGroup
	stop := make(chan struct{})
	for i := range clients {
		load.Go(func() { drive(base, i, stop, &requests, &failed) })
	}
	samples := watch(base, begin, length, &requests, &failed)
	close(stop)
	load.Wait()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return false, err
	}
	if err := cmd.Wait(); err != nil {
		return false, fmt.Errorf("the service ended with %w", err)
	}
	return verdict(samples, failed.Load()), nil
}

// start starts the service and waits for its address.
func start(ctx context.Context, bin, dir string) (cmd *exec.Cmd, base string, err error) {
	cmd = exec.CommandContext(ctx, bin, "serve", "--listen", "127.0.0.1:0",
		"-s", "log.access=false", "-s", "audit.sink=file", "-s", "audit.path="+filepath.Join(dir, "decisions.jsonl"), "-s", "audit.text=masked")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return nil, "", err
	}
	if err := cmd.Start(); err != nil {
		return nil, "", err
	}
	in := bufio.NewScanner(stderr)
	for in.Scan() {
		if _, rest, found := strings.Cut(in.Text(), `"listen":"`); found {
			addr, _, _ := strings.Cut(rest, `"`)
			go func() { _, _ = io.Copy(os.Stderr, stderr) }()
			return cmd, "http://" + addr, nil
		}
		fmt.Fprintln(os.Stderr, in.Text())
	}
	return nil, "", fmt.Errorf("the service did not start: %w", cmd.Wait())
}

// drive sends one request after the other until stop is closed.
func drive(base string, n int, stop <-chan struct{}, requests, failed *atomic.Int64) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1}}
	for {
		select {
		case <-stop:
			return
		default:
		}
		if err := one(client, base, bodies[n%len(bodies)]); err != nil {
			if failed.Add(1) <= 5 {
				fmt.Fprintln(os.Stderr, "soak:", err)
			}
		}
		requests.Add(1)
		n++
	}
}

func one(client *http.Client, base, body string) error {
	a, err := client.Post(base+"/v1/check", "application/json", strings.NewReader(body)) //nolint:noctx // the run bounds it
	if err != nil {
		return err
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		return err
	}
	if a.StatusCode != http.StatusOK || !bytes.Contains(b, []byte(`"decision":"`)) {
		return fmt.Errorf("status %d", a.StatusCode)
	}
	return nil
}

// watch samples the service until length has passed, thirty times.
func watch(base string, begin time.Time, length time.Duration, requests, failed *atomic.Int64) []sample {
	var samples []sample
	step := max(time.Second, length/30)
	tick := time.NewTicker(step)
	defer tick.Stop()
	for time.Since(begin) < length {
		<-tick.C
		s := sample{at: time.Since(begin), requests: requests.Load(), errors: failed.Load()}
		s.rss, s.goroutines = metric(base, "process_resident_memory_bytes"), metric(base, "go_goroutines")
		var since sample
		if len(samples) > 0 {
			since = samples[len(samples)-1]
		}
		fmt.Printf("%8.0f %12d %8d %10.0f %8.1f %11.0f\n", s.at.Seconds(), s.requests, s.errors,
			float64(s.requests-since.requests)/(s.at-since.at).Seconds(), s.rss/(1<<20), s.goroutines)
		samples = append(samples, s)
	}
	return samples
}

// metric reads one gauge.
func metric(base, name string) float64 {
	a, err := http.Get(base + "/metrics") //nolint:noctx // the run bounds it
	if err != nil {
		return 0
	}
	defer a.Body.Close()
	for in := bufio.NewScanner(a.Body); in.Scan(); {
		if v, found := strings.CutPrefix(in.Text(), name+" "); found {
			f, _ := strconv.ParseFloat(v, 64)
			return f
		}
	}
	return 0
}

// verdict compares the last third with the second: the first warms up.
func verdict(samples []sample, failed int64) bool {
	third := len(samples) / 3
	if third == 0 {
		fmt.Println("too short to judge")
		return failed == 0
	}
	middle, last := samples[third:2*third], samples[2*third:]
	rss := peak(last, func(s sample) float64 { return s.rss }) / peak(middle, func(s sample) float64 { return s.rss })
	goroutines := peak(last, func(s sample) float64 { return s.goroutines }) - peak(middle, func(s sample) float64 { return s.goroutines })
	end := samples[len(samples)-1]
	fmt.Printf("%d requests, %d errors, %.0f req/s; memory of the last third %.2f of the second's, %+.0f goroutines\n",
		end.requests, failed, float64(end.requests)/end.at.Seconds(), rss, goroutines)
	ok := failed == 0 && rss < 1.15 && goroutines < 16
	fmt.Println(map[bool]string{true: "flat", false: "NOT FLAT"}[ok])
	return ok
}

func peak(samples []sample, of func(sample) float64) float64 {
	values := make([]float64, len(samples))
	for i, s := range samples {
		values[i] = of(s)
	}
	return slices.Max(values)
}
