package jobs

import "sort"

// Share is how many jobs of an account are released.
type Share struct {
	AccountID string
	N         int
}

// fairShares deals room slots to accounts by weighted fair order: each slot goes to the account whose busy jobs,
// divided by its weight, are fewest. It is start-time fair queueing with jobs of equal cost (Goyal, Vin and Cheng,
// 1996): an account that floods waits for itself, not the others for it.
func fairShares(accounts []AccountLoad, room int) []Share {
	if room <= 0 || len(accounts) == 0 {
		return nil
	}
	if len(accounts) == 1 {
		return []Share{{accounts[0].AccountID, room}}
	}
	type dealt struct {
		AccountLoad
		n int
	}
	hands := make([]dealt, len(accounts))
	for i, a := range accounts {
		a.Weight = max(a.Weight, 1)
		hands[i] = dealt{AccountLoad: a}
	}
	less := func(a, b dealt) bool {
		// (busy+n+1)/weight, compared without division
		l, r := (a.Busy+a.n+1)*b.Weight, (b.Busy+b.n+1)*a.Weight
		return l < r || l == r && a.AccountID < b.AccountID
	}
	for range room {
		best := 0
		for i := 1; i < len(hands); i++ {
			if less(hands[i], hands[best]) {
				best = i
			}
		}
		hands[best].n++
	}
	sort.SliceStable(hands, func(i, j int) bool {
		return hands[i].Busy*hands[j].Weight < hands[j].Busy*hands[i].Weight
	})
	var shares []Share
	for _, h := range hands {
		if h.n > 0 {
			shares = append(shares, Share{h.AccountID, h.n})
		}
	}
	return shares
}

// interleave merges the accounts' batches round-robin, so that none stands wholly before another in Redis.
func interleave(batches [][]Dispatch) []Dispatch {
	if len(batches) == 1 {
		return batches[0]
	}
	var merged []Dispatch
	for i := 0; ; i++ {
		more := false
		for _, b := range batches {
			if i < len(b) {
				merged = append(merged, b[i])
				more = true
			}
		}
		if !more {
			return merged
		}
	}
}
