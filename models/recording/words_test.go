package recording

import (
	"strings"
	"testing"
)

// TestReadsOfTransactionsTellWhatTheyRead: a read that has returned without a value is refused, in every form.
func TestReadsOfTransactionsTellWhatTheyRead(t *testing.T) {
	text := "{:process 0, :type :invoke, :f :txn, :value [[:r x] [:w y 1]]}\n{:process 0, :type :ok, :f :txn, :value [[:r x] [:w y 1]]}\n"
	if _, err := ReadRecording("h", strings.NewReader(text), Options{}); err == nil || !strings.Contains(err.Error(), "h:2: a read that has returned has no value") {
		t.Error(err)
	}
	if _, err := ReadRecording("h", strings.NewReader(text), Options{NilReads: NilUnknown}); err != nil {
		t.Error(err)
	}
	text = strings.ReplaceAll(text, ":type :ok, :f :txn, :value [[:r x]", ":type :ok, :f :txn, :value [[:r x nil]")
	if _, err := ReadRecording("h", strings.NewReader(text), Options{}); err != nil {
		t.Error(err)
	}
}
