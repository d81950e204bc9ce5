// Package guard decides whether a customer-service reply may be sent, and
// proposes a safer wording when it may not.
package guard
