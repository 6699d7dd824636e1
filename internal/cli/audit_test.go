package cli

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/internal/builds/provenance"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/models/wire"
)

// chain is an account's chain of so many entries.
func chain(t *testing.T, n int) (entries []models.AuditEntry) {
	t.Helper()
	hash := ""
	for i := range n {
		sequence := int64(i + 1)
		e := models.AuditEntry{ID: models.NewID(), AccountID: "a", At: time.Unix(int64(i), 123456000).UTC(), Action: "project.delete", Outcome: models.OutcomeDone,
			ActorKind: models.ActorKey, KeyID: "k", Address: "192.0.2.1", Salt: "salt", Count: 1, Details: `{"role":"\u003cowner\u003e","state":"x"}`,
			Sequence: &sequence, PreviousHash: hash}
		e.PersonalHash = e.HashPersonal()
		e.Hash = e.HashEntry()
		hash = e.Hash
		entries = append(entries, e)
	}
	return entries
}

func exported(t *testing.T, entries []models.AuditEntry) string {
	t.Helper()
	var out bytes.Buffer
	for i := range entries {
		require.NoError(t, json.NewEncoder(&out).Encode(wire.FromAudit(&entries[i])))
	}
	return out.String()
}

func TestVerifyAudit(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(all []models.AuditEntry) []models.AuditEntry
		part   bool // of a chain, whose beginning is somewhere else
		anchor int
		err    string
	}{
		"whole":              {change: func(all []models.AuditEntry) []models.AuditEntry { return all }},
		"with an anchor":     {change: func(all []models.AuditEntry) []models.AuditEntry { return all }, anchor: 3},
		"people erased":      {change: func(all []models.AuditEntry) []models.AuditEntry { all[1].Salt, all[1].Address = "", ""; return all }},
		"a part":             {change: func(all []models.AuditEntry) []models.AuditEntry { return all[2:] }, part: true},
		"the beginning gone": {change: func(all []models.AuditEntry) []models.AuditEntry { return all[2:] }, err: "entry 1 of account a: is missing"},
		"the end gone":       {change: func(all []models.AuditEntry) []models.AuditEntry { return all[:3] }, anchor: 5, err: "entry 5 of account a: is missing"},
		"cut and numbered anew": {change: func(all []models.AuditEntry) []models.AuditEntry {
			for i := range all[2:] {
				*all[i+2].Sequence -= 2
				all[i+2].Hash = all[i+2].HashEntry()
				if i+3 < len(all) {
					all[i+3].PreviousHash = all[i+2].Hash
				}
			}
			return all[2:]
		}, err: "entry 1 of account a: does not follow"},
		"another part than the anchor's": {change: func(all []models.AuditEntry) []models.AuditEntry {
			all[2].PreviousHash = "x"
			all[2].Hash = all[2].HashEntry()
			return all[2:3]
		}, part: true, anchor: 2, err: "entry 2 of account a: is not the one"},
		"one gone":        {change: func(all []models.AuditEntry) []models.AuditEntry { return append(all[:1], all[2:]...) }, err: "entry 2 of account a: is missing"},
		"changed":         {change: func(all []models.AuditEntry) []models.AuditEntry { all[2].KeyID = "other"; return all }, err: "entry 3 of account a: was changed"},
		"address changed": {change: func(all []models.AuditEntry) []models.AuditEntry { all[2].Address = "192.0.2.2"; return all }, err: "entry 3 of account a: was changed"},
		"changed and hashed": {change: func(all []models.AuditEntry) []models.AuditEntry {
			all[2].KeyID = "other"
			all[2].Hash = all[2].HashEntry()
			return all
		}, err: "entry 4 of account a: does not follow"},
		"the last one changed": {change: func(all []models.AuditEntry) []models.AuditEntry {
			all[4].KeyID = "other"
			all[4].Hash = all[4].HashEntry()
			return all
		}, anchor: 5, err: "entry 5 of account a: is not the one"},
		"order changed": {change: func(all []models.AuditEntry) []models.AuditEntry { all[1], all[2] = all[2], all[1]; return all }, err: "entry 2 of account a: is missing"},
		"twice":         {change: func(all []models.AuditEntry) []models.AuditEntry { return append(all[:3:3], all[2:]...) }, err: "entry 3 of account a: is there twice"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := chain(t, 5)
			var anchors []apiclient.AuditAnchor
			if tt.anchor > 0 {
				anchors = append(anchors, apiclient.AuditAnchor{AccountID: "a", Sequence: int64(tt.anchor), Hash: all[tt.anchor-1].Hash})
			}
			after := int64(0)
			if tt.part {
				after = 2
			}
			var out bytes.Buffer
			err := verifyAudit(&out, strings.NewReader(exported(t, tt.change(all))), after, anchors, nil)
			if tt.err != "" {
				require.ErrorContains(t, err, tt.err)
				return
			}
			require.NoError(t, err)
			require.Contains(t, out.String(), "to 5: none was changed")
		})
	}
	require.ErrorContains(t, verifyAudit(&bytes.Buffer{}, strings.NewReader(""), 0, nil, nil), "no entries")
	require.ErrorContains(t, verifyAudit(&bytes.Buffer{}, strings.NewReader("no JSON"), 0, nil, nil), "line 1: it is not an entry")
}

// A chain may begin after a checkpoint that a trusted key has signed, if it follows from it, and only then.
func TestVerifyPrunedAudit(t *testing.T) {
	t.Parallel()
	signer := func() *provenance.Signer {
		key, err := provenance.NewKey()
		require.NoError(t, err)
		s, err := provenance.NewSigner(key, provenance.Builder{})
		require.NoError(t, err)
		return s
	}
	ours, theirs := signer(), signer()
	all := chain(t, 5)
	line := func(by *provenance.Signer, account string, sequence int, hash string) string {
		signed, err := by.Checkpoint(t.Context(), models.Checkpoint{AccountID: account, Sequence: int64(sequence), Hash: hash})
		require.NoError(t, err)
		return `{"checkpoint":` + string(signed) + "}\n"
	}
	good := line(ours, "a", 2, all[1].Hash)
	anchor := func(n int) apiclient.AuditAnchor {
		return apiclient.AuditAnchor{AccountID: "a", Sequence: int64(n), Hash: all[n-1].Hash}
	}
	keys := []provenance.PublicKey{ours.Public()}
	for name, tt := range map[string]struct {
		lines   string
		keys    []provenance.PublicKey
		anchors []apiclient.AuditAnchor
		err     string
		says    string
	}{
		"good":                      {lines: good + exported(t, all[2:]), keys: keys, anchors: []apiclient.AuditAnchor{anchor(5)}, says: "3 entries, from 3 to 5"},
		"everything removed":        {lines: line(ours, "a", 5, all[4].Hash), keys: keys, anchors: []apiclient.AuditAnchor{anchor(5)}, says: "0 entries"},
		"an anchor at it":           {lines: good + exported(t, all[2:]), keys: keys, anchors: []apiclient.AuditAnchor{anchor(2)}, says: "1 anchors hold"},
		"an anchor before it":       {lines: good + exported(t, all[2:]), keys: keys, anchors: []apiclient.AuditAnchor{anchor(1), anchor(4)}, says: "among them those of 1"},
		"another anchor at it":      {lines: good + exported(t, all[2:]), keys: keys, anchors: []apiclient.AuditAnchor{{AccountID: "a", Sequence: 2, Hash: "x"}}, err: "entry 2 of account a"},
		"no keys":                   {lines: good + exported(t, all[2:]), err: "--public-key"},
		"another's key":             {lines: line(theirs, "a", 2, all[1].Hash) + exported(t, all[2:]), keys: keys, err: "unknown key"},
		"forged":                    {lines: strings.Replace(good, `"payload":"eyJ`, `"payload":"eyI`, 1) + exported(t, all[2:]), keys: keys, err: "broken"},
		"of another account":        {lines: line(ours, "b", 2, all[1].Hash) + exported(t, all[2:]), keys: keys, err: "another account"},
		"of another account, alone": {lines: line(ours, "b", 2, all[1].Hash), keys: keys, anchors: []apiclient.AuditAnchor{anchor(5)}, err: "of account a"},
		"another hash":              {lines: line(ours, "a", 2, all[0].Hash) + exported(t, all[2:]), keys: keys, err: "entry 3 of account a: does not follow"},
		"removed without one":       {lines: exported(t, all[2:]), keys: keys, err: "entry 1 of account a: is missing"},
		"more removed":              {lines: good + exported(t, all[3:]), keys: keys, err: "entry 3 of account a: is missing"},
		"not at the beginning":      {lines: exported(t, all[:2]) + good + exported(t, all[2:]), keys: keys, err: "line 3"},
		"the end gone":              {lines: good + exported(t, all[2:4]), keys: keys, anchors: []apiclient.AuditAnchor{anchor(5)}, err: "entry 5 of account a: is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			err := verifyAudit(&out, strings.NewReader(tt.lines), 0, tt.anchors, tt.keys)
			if tt.err != "" {
				require.ErrorContains(t, err, tt.err)
				return
			}
			require.NoError(t, err)
			require.Contains(t, out.String(), tt.says)
		})
	}
}

func FuzzVerifyAudit(f *testing.F) {
	f.Add(`{"id":"x","sequence":1,"details":{"a":"b"}}`)
	f.Add(`{"sequence":null}`)
	f.Add(`{"checkpoint":{"payloadType":"x","payload":"e30=","signatures":[{"sig":"eA=="}]}}`)
	f.Add(`{"sequence":1,"details":[1]}`)
	f.Fuzz(func(t *testing.T, lines string) {
		var out bytes.Buffer
		if err := verifyAudit(&out, strings.NewReader(lines), 0, nil, nil); err == nil && strings.Contains(lines, "sequence") && out.Len() == 0 {
			t.Error("nothing is said of what was verified")
		}
	})
}
