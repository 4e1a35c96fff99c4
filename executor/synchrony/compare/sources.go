package main

// source says where a peer's executor is in a checkout, and what it needs.
type source struct {
	name    string // by which -peers knows it
	adapter string // its folder in adapters, and its package's name
	module  string // that the module proxy serves, with a version; empty for none
	// copies are the folders whose Go files are copied, and where to in the temporary module.
	copies map[string]string
	skips  []string // files of those folders that are about its chain
	// imports are the import paths that stand for others there.
	imports map[string]string
	// requires are the modules of other people that it uses, in the version that its go.mod says.
	requires []string
}

// standin is the import path of the stand-ins in the temporary module.
const standin = "peers/standin/"

// sources are the peers that are known.
var sources = []source{
	{
		name: "cosmos-sdk", adapter: "cosmos", module: "github.com/cosmos/cosmos-sdk@v0.54.4",
		copies: map[string]string{"internal/blockstm": "cosmos/internal/blockstm", "internal/blockstm/tree": "cosmos/internal/blockstm/tree", "telemetry/registry": "cosmos/registry"},
		skips:  []string{"mock_block.go", "txnrunner.go", "wrappers.go"},
		imports: map[string]string{
			"github.com/cosmos/cosmos-sdk/internal/blockstm/tree": "peers/cosmos/internal/blockstm/tree",
			"github.com/cosmos/cosmos-sdk/telemetry/registry":     "peers/cosmos/registry",
			"github.com/cosmos/cosmos-sdk/store/v2/types":         standin + "types",
			"github.com/cosmos/cosmos-sdk/store/v2/cachekv":       standin + "cachekv",
		},
		requires: []string{"github.com/RoaringBitmap/roaring/v2", "github.com/cosmos/btree", "go.opentelemetry.io/otel", "go.opentelemetry.io/otel/metric", "golang.org/x/sync"},
	},
	{
		name: "go-block-stm", adapter: "goblockstm",
		copies: map[string]string{".": "goblockstm/stm"},
		skips:  []string{"mock_block.go"},
		imports: map[string]string{
			"cosmossdk.io/store/types":   standin + "types",
			"cosmossdk.io/store/cachekv": standin + "cachekv",
			"cosmossdk.io/store/tracekv": standin + "tracekv",
		},
		requires: []string{"github.com/tidwall/btree"},
	},
	{
		name: "hypersdk", adapter: "hypersdk",
		copies: map[string]string{"internal/executor": "hypersdk/internal/executor"},
		imports: map[string]string{
			"github.com/ava-labs/avalanchego/utils/set": standin + "set",
			"github.com/ava-labs/hypersdk/state":        standin + "state",
		},
		requires: []string{"go.uber.org/atomic"},
	},
	{
		name: "bor", adapter: "bor",
		copies: map[string]string{"core/blockstm": "bor/blockstm"},
		imports: map[string]string{
			"github.com/ethereum/go-ethereum/common": standin + "common",
			"github.com/ethereum/go-ethereum/log":    standin + "log",
		},
		requires: []string{"github.com/emirpasic/gods", "github.com/heimdalr/dag"},
	},
}
