package httpapi

import (
	"encoding/binary"
	"math/rand/v2"
	"time"

	"github.com/oklog/ulid/v2"
)

// newID returns a ULID for time at. It names things and guards nothing, so
// its random part need not be cryptographic.
func newID(at time.Time) string {
	var id ulid.ULID
	_ = id.SetTime(uint64(max(0, at.UnixMilli())))             // fails only past the year 10889
	binary.BigEndian.PutUint64(id[6:], rand.Uint64())          //nolint:gosec // see above
	binary.BigEndian.PutUint16(id[14:], uint16(rand.Uint32())) //nolint:gosec // see above
	var text [ulid.EncodedSize]byte
	_ = id.MarshalTextTo(text[:]) // fails only where there is no room
	return string(text[:])
}
