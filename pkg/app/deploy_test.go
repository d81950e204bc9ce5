package app_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/replyguard/replyguard/pkg/config"
)

// TestPrometheusRules: promtool accepts the rules, and every metric they name
// is one that the service exposes.
func TestPrometheusRules(t *testing.T) {
	file := filepath.Join("..", "..", "deploy", "prometheus", "rules.yaml")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	golden, err := os.ReadFile(filepath.Join("..", "internal", "observe", "testdata", "exposition.txt"))
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`\breplyguard_[a-z_]+`).FindAllString(string(b), -1)
	if len(names) == 0 {
		t.Fatal("the rules name no metric")
	}
	for _, name := range names {
		if !strings.Contains(string(golden), "\n"+name) {
			t.Errorf("the rules name %s, which the service does not expose", name)
		}
	}
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not installed (apt-get install prometheus)")
	}
	out, err := exec.CommandContext(t.Context(), promtool, "check", "rules", file).CombinedOutput()
	if err != nil {
		t.Errorf("promtool: %v\n%s", err, out)
	}
}

// TestDeployedSettings: every variable that the deployments set is a setting,
// and its value is accepted.
func TestDeployedSettings(t *testing.T) {
	var known []string
	for line := range strings.Lines(config.Markdown()) {
		if _, path, found := strings.Cut(line, "| `"); found {
			path, _, _ = strings.Cut(path, "`")
			known = append(known, config.EnvName(path))
		}
	}
	for _, file := range []string{"deploy/compose.yaml", "deploy/kubernetes.yaml", "Dockerfile"} {
		b, err := os.ReadFile(filepath.Join("..", "..", file))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range regexp.MustCompile(`REPLYGUARD_[A-Z_]+`).FindAllString(string(b), -1) {
			if name != "REPLYGUARD_CONFIG" && !slices.Contains(known, name) {
				t.Errorf("%s sets %s, which is no setting", file, name)
			}
		}
	}
}
