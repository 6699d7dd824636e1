package client

import "iter"

// all iterates over a list, page by page. next sets the cursor of the next page; the caller's own parameters stay as they are.
func all[P, T any](params *P, get func(*P) (items []T, next *string, err error), next func(*P, *string)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var own P
		if params != nil {
			own = *params
		}
		for {
			items, cursor, err := get(&own)
			if err != nil {
				yield(*new(T), err)
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
			if cursor == nil {
				return
			}
			next(&own, cursor)
		}
	}
}
