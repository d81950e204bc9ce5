// Package configs embeds the files that ship with replyguard: the rule pack
// and the default process configuration.
package configs

import "embed"

// Pack holds pack.yaml, lexicon, rules and stores, ready for policy.Load.
//
//go:embed pack.yaml weights.gz lexicon rules stores
var Pack embed.FS
