package jobs

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// Share is how many jobs of an account are released.
type Share struct {
	AccountID string
	N         int
	EndUsers  bool // to be shared fairly between the account's end users
	Caps           // of the account
}

// FairShares deals room slots to accounts by weighted fair order: each slot goes to the account that has fewest busy jobs for its
// weight. It is start-time fair queueing with jobs of equal cost (Goyal, Vin and Cheng, 1996): an account that floods waits for
// itself, not the others for it. Halves decide between accounts of different weights, as in Webster's method, which favours neither
// the large nor the small; chance decides between equal ones, so that none is always rounded up.
func FairShares(accounts []AccountLoad, room int) []Share {
	if room <= 0 || len(accounts) == 0 {
		return nil
	}
	if len(accounts) == 1 {
		return []Share{{accounts[0].AccountID, room, accounts[0].EndUsers, accounts[0].Caps}}
	}
	type dealt struct {
		AccountLoad
		n int
	}
	hands := make([]dealt, len(accounts))
	for i, p := range rand.Perm(len(accounts)) {
		hands[i] = dealt{AccountLoad: accounts[p]}
		hands[i].Weight = max(hands[i].Weight, 1)
	}
	for range room {
		best := 0
		for i, h := range hands {
			// (busy + n + 1/2) / weight, compared without division
			if (2*(h.Busy+h.n)+1)*hands[best].Weight < (2*(hands[best].Busy+hands[best].n)+1)*h.Weight {
				best = i
			}
		}
		hands[best].n++
	}
	slices.SortStableFunc(hands, func(a, b dealt) int { return cmp.Compare(a.Busy*b.Weight, b.Busy*a.Weight) })
	var shares []Share
	for _, h := range hands {
		if h.n > 0 {
			shares = append(shares, Share{h.AccountID, h.n, h.EndUsers, h.Caps})
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
