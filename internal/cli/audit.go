package cli

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/internal/builds/provenance"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/models/wire"
)

func auditCommand(c *client) *cobra.Command {
	cmd := groupCommand("audit", "See and verify who did what")
	cmd.AddCommand(auditListCommand(c), auditExportCommand(c), auditAnchorCommand(c), auditVerifyCommand(c))
	return cmd
}

func auditListCommand(c *client) *cobra.Command {
	var asJSON bool
	var page pageFlags
	var action, actor, resource, endUser, outcome string
	cmd := &cobra.Command{
		Use: "list", Short: "List who did what in the account, newest first", Args: cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			l, err := a.ListAudit(cmd.Context(), &apiclient.ListAuditParams{Action: given(action), Actor: given(actor), ResourceID: given(resource),
				EndUser: given(endUser), Outcome: given(models.Outcome(outcome)), Limit: &page.limit, Cursor: given(page.cursor)})
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if asJSON {
				return printJSON(out, l)
			}
			t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, "WHEN\tACTION\tOUTCOME\tBY\tOF\tFROM")
			for i := range l.Data {
				e := &l.Data[i]
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", e.At.Local().Format(time.DateTime), clean(e.Action), e.Outcome, clean(actorOf(e)),
					clean(e.ResourceKind+" "+e.ResourceID), clean(e.Address))
			}
			return errors.Join(t.Flush(), tellMore(out, l.NextCursor))
		}),
	}
	cmd.Flags().StringVar(&action, "action", "", "only this action, such as project.delete")
	cmd.Flags().StringVar(&actor, "actor", "", "only what this key or user did")
	cmd.Flags().StringVar(&resource, "resource", "", "only what was done to this id")
	cmd.Flags().StringVar(&endUser, "end-user", "", "only what was done for this end user")
	cmd.Flags().StringVar(&outcome, "outcome", "", "only what was done, or only what was refused")
	page.flags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func actorOf(e *wire.AuditEntry) string {
	switch {
	case e.UserID != "":
		return "user " + e.UserID
	case e.KeyID != "":
		return string(e.ActorKind) + " " + e.KeyID
	}
	return string(e.ActorKind)
}

func auditExportCommand(c *client) *cobra.Command {
	var after int64
	cmd := &cobra.Command{
		Use: "export", Short: "Write the account's audit as lines of JSON, in the order of its chain", Args: cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			res, err := a.ExportAudit(cmd.Context(), &apiclient.ExportAuditParams{After: &after})
			if err != nil {
				return err
			}
			defer res.Body.Close()
			_, err = io.Copy(cmd.OutOrStdout(), res.Body)
			return err
		}),
	}
	cmd.Flags().Int64Var(&after, "after", 0, "the sequence of the last entry that you have")
	return cmd
}

func auditAnchorCommand(c *client) *cobra.Command {
	return &cobra.Command{
		Use: "anchor", Short: "Print the newest place in the chain, to be kept elsewhere", Args: cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			anchor, err := a.GetAuditAnchor(cmd.Context())
			if err != nil {
				return err
			}
			return printJSON(cmd.OutOrStdout(), anchor)
		}),
	}
}

func auditVerifyCommand(c *client) *cobra.Command {
	var anchors []string
	var after int64
	var publicKeys string
	cmd := &cobra.Command{
		Use: "verify [FILE]", Short: "Check that no entry of the audit was changed, removed or put in",
		Long: `verify checks the chain of the account's audit, as the server exports it or as an export in FILE has it ("-" is the standard input). With an
anchor that was kept elsewhere ("spark audit anchor"), it also proves that what was there then still is. What was removed by policy has left a signed
checkpoint: --public-key holds the keys that you trust for that.
` + exitHelp,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			kept, err := readAnchors(anchors)
			if err != nil {
				return err
			}
			var trusted []provenance.PublicKey
			if publicKeys != "" {
				if trusted, err = readPublicKeys(publicKeys); err != nil {
					return err
				}
			}
			if len(args) == 1 {
				in := cmd.InOrStdin()
				if args[0] != "-" {
					f, err := os.Open(args[0])
					if err != nil {
						return err
					}
					defer f.Close()
					in = f
				}
				return verifyAudit(cmd.OutOrStdout(), in, after, kept, trusted)
			}
			return c.on(func(a *api) error {
				// The anchor is read first: what is chained meanwhile comes after it.
				head, err := a.GetAuditAnchor(cmd.Context())
				if err != nil {
					return err
				}
				res, err := a.ExportAudit(cmd.Context(), nil)
				if err != nil {
					return err
				}
				defer res.Body.Close()
				if trusted == nil {
					if trusted, _, err = a.signingKeys(cmd.Context()); err != nil {
						return err
					}
				}
				return verifyAudit(cmd.OutOrStdout(), res.Body, 0, append(kept, head), trusted)
			})
		},
	}
	cmd.Flags().StringSliceVar(&anchors, "anchor", nil, "file with an anchor that was kept; may be given several times")
	cmd.Flags().StringVar(&publicKeys, "public-key", "", "file with the public keys that are trusted for checkpoints, in PEM (default: the server's)")
	cmd.Flags().Int64Var(&after, "after", 0, "the FILE has what follows this sequence, as of an export with --after")
	return cmd
}

func readAnchors(files []string) (anchors []apiclient.AuditAnchor, err error) {
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var a apiclient.AuditAnchor
		if err := json.Unmarshal(text, &a); err != nil || a.Hash == "" && a.Sequence > 0 {
			return nil, fmt.Errorf("%s is not an anchor", file)
		}
		anchors = append(anchors, a)
	}
	return anchors, nil
}

// maxAuditLine limits an entry as a line of JSON, in bytes.
const maxAuditLine = 1 << 20

// auditLine is a line of an export: an entry, or the checkpoint of what was removed before the first one.
type auditLine struct {
	wire.AuditEntry
	Checkpoint json.RawMessage `json:"checkpoint"`
}

// auditCheck is the verification of an export.
type auditCheck struct {
	models.ChainVerifier
	after  int64 // the entries are what follows this number
	begun  bool
	pruned int64            // of the checkpoint; 0 if there is none
	wanted map[int64]string // the hash of each entry that an anchor names, "" until it was seen
}

// begin says what came before the first entry.
func (v *auditCheck) begin(account string, sequence int64, hash string) {
	v.begun, v.AccountID, v.Sequence, v.Hash = true, account, sequence, hash
	v.see()
}

// see notes the last entry if an anchor names it.
func (v *auditCheck) see() {
	if _, wanted := v.wanted[v.Sequence]; wanted {
		v.wanted[v.Sequence] = v.Hash
	}
}

// next checks a line of an export.
func (v *auditCheck) next(line []byte, keys []provenance.PublicKey) error {
	var l auditLine
	if err := json.Unmarshal(line, &l); err != nil {
		return fmt.Errorf("it is not an entry of the audit: %w", err)
	}
	if l.Checkpoint != nil && !v.begun {
		c, err := provenance.OpenCheckpoint(l.Checkpoint, keys)
		switch {
		case err != nil && len(keys) == 0:
			return errors.New("it is a checkpoint: name the keys that you trust with --public-key")
		case err != nil:
			return fmt.Errorf("the audit is broken: a checkpoint for what was removed: %w", err)
		case c.Sequence <= v.after:
			return fmt.Errorf("the audit is broken: its checkpoint is of entry %d, which is not after %d", c.Sequence, v.after)
		}
		v.begin(c.AccountID, c.Sequence, c.Hash)
		v.pruned = c.Sequence
		return nil
	}
	entry, err := l.Model()
	if err != nil {
		return err
	}
	if !v.begun {
		before := ""
		if v.after > 0 {
			before = entry.PreviousHash
		}
		v.begin(entry.AccountID, v.after, before)
	}
	if err := v.Next(entry); err != nil {
		return fmt.Errorf("the audit is broken: %w", err)
	}
	v.see()
	return nil
}

// holds checks that an anchor is among the entries. One of an entry that was removed by policy says nothing.
func (v *auditCheck) holds(a apiclient.AuditAnchor) error {
	if a.Sequence == 0 || a.Sequence < v.pruned && a.AccountID == v.AccountID {
		return nil
	}
	if v.AccountID != "" && a.AccountID != v.AccountID {
		return fmt.Errorf("an anchor is of account %s, and the entries are of %s", a.AccountID, v.AccountID)
	}
	switch hash := v.wanted[a.Sequence]; hash {
	case a.Hash:
		return nil
	case "":
		return fmt.Errorf("the audit is broken: %w", &models.BrokenError{AccountID: a.AccountID, Sequence: a.Sequence, Why: "is missing"})
	}
	return fmt.Errorf("the audit is broken: %w", &models.BrokenError{AccountID: a.AccountID, Sequence: a.Sequence, Why: "is not the one that the anchor names"})
}

// verifyAudit checks the entries that follow a number, or a checkpoint that one of the keys has signed, and that the anchors are among them, or are of the
// entry with that number.
func verifyAudit(out io.Writer, in io.Reader, after int64, anchors []apiclient.AuditAnchor, keys []provenance.PublicKey) error {
	v := auditCheck{after: after, wanted: make(map[int64]string)}
	for _, a := range anchors {
		v.wanted[a.Sequence] = ""
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxAuditLine)
	for n := 1; lines.Scan(); n++ {
		if err := v.next(lines.Bytes(), keys); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	old := 0
	for _, a := range anchors {
		if err := v.holds(a); err != nil {
			return err
		}
		if a.Sequence > 0 && a.Sequence < v.pruned {
			old++
		}
	}
	if v.Entries == 0 && len(anchors) == 0 && !v.begun {
		return errors.New("there are no entries")
	}
	return v.tell(out, len(anchors)-old, old)
}

// tell prints what was verified.
func (v *auditCheck) tell(out io.Writer, anchors, old int) error {
	end := "without an anchor nothing is known of what came after them"
	if anchors > 0 {
		end = fmt.Sprintf("%d anchors hold", anchors)
	}
	if v.pruned > 0 {
		end += fmt.Sprintf("; those up to %d were removed by policy, as a signed checkpoint says", v.pruned)
	}
	if old > 0 {
		end += fmt.Sprintf(", among them those of %d anchors", old)
	}
	_, err := fmt.Fprintf(out, "%d entries, from %d to %d: none was changed, removed or put in; %s\n",
		v.Entries, v.Sequence-int64(v.Entries)+1, v.Sequence, end)
	return err
}
