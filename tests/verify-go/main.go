// Verify-go checks a log's public folder with the Go project's own note and tlog packages:
// verify-go FOLDER VKEY ORIGIN OLD_SIZE OLD_ROOT_BASE64. It opens the checkpoint, authenticates tiles
// against it, and checks the hash and inclusion of every entry, and consistency with the old tree.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8

func check(err error, what string) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", what, err)
		os.Exit(1)
	}
}

func require(ok bool, what string) {
	if !ok {
		check(fmt.Errorf("not so"), what)
	}
}

// tilePath gives C2SP tlog-tiles paths; the package's own begin with the tile height.
func tilePath(t tlog.Tile) string {
	full := strings.TrimPrefix(t.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	return "tile/" + strings.Replace(full, "data/", "entries/", 1)
}

type folder struct{ root string }

func (f folder) Height() int { return tileHeight }

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, t := range tiles {
		data, err := os.ReadFile(filepath.Join(f.root, tilePath(t)))
		if err != nil {
			return nil, err
		}
		out = append(out, data)
	}
	return out, nil
}

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func openCheckpoint(root, vkey, origin string) tlog.Tree {
	verifier, err := note.NewVerifier(vkey)
	check(err, "key")
	text, err := os.ReadFile(filepath.Join(root, "checkpoint"))
	check(err, "checkpoint")
	opened, err := note.Open(text, note.VerifierList(verifier))
	check(err, "note")
	lines := strings.Split(opened.Text, "\n")
	require(len(lines) == 4 && lines[0] == origin && lines[3] == "", "three lines")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err, "size")
	hash, err := tlog.ParseHash(lines[2])
	check(err, "root")
	return tlog.Tree{N: size, Hash: hash}
}

// entries reads bundle n, which has `width` entries.
func (f folder) entries(n int64, width int) [][]byte {
	data, err := os.ReadFile(filepath.Join(f.root, tilePath(tlog.Tile{H: tileHeight, L: -1, N: n, W: width})))
	check(err, "bundle")
	var out [][]byte
	for len(data) > 0 {
		require(len(data) >= 2, "length prefix")
		length := int(binary.BigEndian.Uint16(data))
		require(len(data) >= 2+length, "entry")
		out = append(out, data[2:2+length])
		data = data[2+length:]
	}
	require(len(out) == width, "number of entries in the bundle")
	return out
}

func main() {
	require(len(os.Args) == 6, "five arguments")
	f := folder{os.Args[1]}
	tree := openCheckpoint(f.root, os.Args[2], os.Args[3])
	reader := tlog.TileHashReader(tree, f)
	root, err := tlog.TreeHash(tree.N, reader)
	check(err, "tree hash")
	require(root == tree.Hash, "tree hash equals the checkpoint's root")

	for n := int64(0); n*256 < tree.N; n++ {
		width := 256
		if tree.N-n*256 < 256 {
			width = int(tree.N - n*256)
		}
		for i, entry := range f.entries(n, width) {
			index := n*256 + int64(i)
			hash := tlog.RecordHash(entry)
			stored, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
			check(err, "record hash")
			require(stored[0] == hash, "record hash equals the tile's")
			proof, err := tlog.ProveRecord(tree.N, index, reader)
			check(err, "proof of inclusion")
			check(tlog.CheckRecord(proof, tree.N, tree.Hash, index, hash), "inclusion")
		}
	}

	oldSize, err := strconv.ParseInt(os.Args[4], 10, 64)
	check(err, "old size")
	oldRoot, err := base64.StdEncoding.DecodeString(os.Args[5])
	check(err, "old root")
	var oldHash tlog.Hash
	copy(oldHash[:], oldRoot)
	consistency, err := tlog.ProveTree(tree.N, oldSize, reader)
	check(err, "proof of consistency")
	check(tlog.CheckTree(consistency, tree.N, tree.Hash, oldSize, oldHash), "consistency")
	fmt.Printf("%d entries verified, consistent with %d\n", tree.N, oldSize)
}
