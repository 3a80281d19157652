// Package shard keeps the finished blocks of a long study in files: in a
// checkpoint, so that a study that was interrupted goes on where it stopped,
// and in the parts of a study that several processes divide among them, which
// are then put together. It knows nothing of what a block holds.
//
// # The file
//
// A part and a checkpoint have the same form:
//
//	"planner blocks 1\n"
//	record, record, ...
//
// and a record is
//
//	4 bytes  length n of the body, little endian
//	4 bytes  CRC-32C (Castagnoli) of those four bytes and the body
//	n bytes  the body: kind (1 byte), length of the name (uvarint), the name,
//	         and the data as a DEFLATE stream, in stored blocks where
//	         compressing them is not worth its time, and in a checkpoint
//
// The first record is of kind 'H': its data is a [Header] as JSON, which says
// which study the blocks belong to. Records of kind 'F' are the scenario file
// and the data files that it names (in part 1 only), those of kind 'B' the
// blocks. A part ends with a record of kind 'E' whose data is the number of
// records before it, so that one that was cut is known; a checkpoint has none,
// since it grows. Records in another order, of another kind, or two files or
// blocks of one name make a part that is refused.
//
// A record whose check fails is worth nothing, and nor is what follows it,
// since its length may be wrong: a checkpoint is cut there, and the blocks
// that were lost are computed again.
package shard
