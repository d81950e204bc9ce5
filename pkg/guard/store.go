package guard

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/replyguard/replyguard/pkg/policy"
)

// A profile is a store's facts and the engine with its overrides.
type profile struct {
	facts  Facts
	engine *engine
}

// profile compiles a store's profile. A store without own terms or overrides
// shares the base engine.
func (g *Guard) profile(s *policy.Store) (*profile, error) {
	facts, err := factsOf(s.Facts)
	if err != nil {
		return nil, err
	}
	p := &profile{facts: facts, engine: g.base}
	if len(s.Lexicon) == 0 && len(s.Rules) == 0 {
		return p, nil
	}
	rules := slices.Clone(g.pack.Rules)
	for i := range s.Rules {
		if err := override(rules, &s.Rules[i]); err != nil {
			return nil, err
		}
	}
	lexicon := append(slices.Clone(g.pack.Lexicon), s.Lexicon...)
	p.engine, err = newEngine(g.pack, lexicon, rules, g.cfg.Segmenter)
	return p, err
}

func override(rules []policy.Rule, o *policy.RuleOverride) error {
	i := slices.IndexFunc(rules, func(r policy.Rule) bool { return r.ID == o.ID })
	if i < 0 {
		return fmt.Errorf("rule %q is not in the pack", o.ID)
	}
	r := &rules[i]
	if o.Decision != nil {
		r.Decision = *o.Decision
		r.When = slices.Clone(r.When)
		for j := range r.When {
			r.When[j].Decision = nil
		}
	}
	if o.Mode != nil {
		r.Mode = *o.Mode
	}
	r.Unless = append(slices.Clone(r.Unless), o.Unless...)
	r.Rewrites = append(slices.Clone(o.Rewrites), r.Rewrites...)
	return nil
}

// factsJSON has the names of CONTRACT.md.
type factsJSON struct {
	COD                 *bool    `json:"cod"`
	CreditCard          *bool    `json:"credit_card"`
	FreeShipping        string   `json:"free_shipping"`
	FreeShippingRegions []string `json:"free_shipping_regions"`
	Couriers            []string `json:"couriers"`
	ServicePhones       []string `json:"service_phones"`
	OwnLinks            []string `json:"own_links"`
	LegalRepresentative string   `json:"legal_representative"`
	InvoiceReissueDays  int      `json:"invoice_reissue_days"`
	ShipWithinHours     int      `json:"ship_within_hours"`
	DispatchCutoff      string   `json:"dispatch_cutoff"`
	Points              *struct {
		General int `json:"general"`
		Serious int `json:"serious"`
	} `json:"points"`
}

// factsOf reads facts written with the names of CONTRACT.md.
func factsOf(m map[string]any) (Facts, error) {
	var j factsJSON
	if err := remarshal(m, &j); err != nil {
		return Facts{}, fmt.Errorf("facts: %w", err)
	}
	f := Facts{
		COD: j.COD, CreditCard: j.CreditCard, FreeShipping: j.FreeShipping, FreeShippingRegions: j.FreeShippingRegions,
		Couriers: j.Couriers, ServicePhones: j.ServicePhones, OwnLinks: j.OwnLinks,
		LegalRepresentative: j.LegalRepresentative, InvoiceReissueDays: j.InvoiceReissueDays,
		ShipWithinHours: j.ShipWithinHours, DispatchCutoff: j.DispatchCutoff,
	}
	if j.Points != nil {
		f.Points = &Points{General: j.Points.General, Serious: j.Points.Serious}
	}
	return f, nil
}

func remarshal(m map[string]any, to any) error {
	if len(m) == 0 {
		return nil
	}
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, to)
}

// over returns base with the fields of f that are known in place of its own.
func (f Facts) over(base Facts) Facts {
	pick(&base.COD, f.COD, f.COD != nil)
	pick(&base.CreditCard, f.CreditCard, f.CreditCard != nil)
	pick(&base.FreeShipping, f.FreeShipping, f.FreeShipping != "")
	pick(&base.FreeShippingRegions, f.FreeShippingRegions, f.FreeShippingRegions != nil)
	pick(&base.Couriers, f.Couriers, f.Couriers != nil)
	pick(&base.ServicePhones, f.ServicePhones, f.ServicePhones != nil)
	pick(&base.OwnLinks, f.OwnLinks, f.OwnLinks != nil)
	pick(&base.LegalRepresentative, f.LegalRepresentative, f.LegalRepresentative != "")
	pick(&base.InvoiceReissueDays, f.InvoiceReissueDays, f.InvoiceReissueDays != 0)
	pick(&base.ShipWithinHours, f.ShipWithinHours, f.ShipWithinHours != 0)
	pick(&base.DispatchCutoff, f.DispatchCutoff, f.DispatchCutoff != "")
	pick(&base.Points, f.Points, f.Points != nil)
	return base
}

func pick[T any](to *T, v T, known bool) {
	if known {
		*to = v
	}
}
