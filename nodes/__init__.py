"""Programs that speak the line protocol, and the runtime that they are written on.

Reading order: `echo` is a whole program in ten lines; `runtime` is what it stands on,
with `errors`, `_fields` (of requests), `_tasks` (what handlers await), `_stdio` (the
process), and `_disk` and `_clock`, of which faults have their way.

`lost_update` awaits replies of a service, by `kv`. `g_counter` replicates without any
service, by `gossip`. `crdt` has replicated types as pure values; `replica` makes programs
of them, and `set_replica` those of sets. `causal` makes others of operations that come
once each, causes first. `actor` is the name under which either counts. All programs are
in `BUNDLED`; `faulty` has those with one bug each.
"""

from __future__ import annotations

import sys


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BUNDLED", "command"]

BUNDLED: Mapping[str, str] = {
    "ack-first-counter": "nodes.faulty.ack_first_counter",
    "adding-merge-counter": "nodes.faulty.adding_merge_counter",
    "adding-unequal-counter": "nodes.faulty.adding_unequal_counter",
    "all-known-clock-register": "nodes.faulty.all_known_clock_register",
    "any-entry-mv-register": "nodes.faulty.any_entry_mv_register",
    "any-replica-set": "nodes.faulty.any_replica_set",
    "applied-error-counter": "nodes.faulty.applied_error_counter",
    "assumed-ack-counter": "nodes.faulty.assumed_ack_counter",
    "balance-cart": "nodes.faulty.balance_cart",
    "broadcast": "nodes.broadcast",
    "bulk-insert-rga": "nodes.faulty.bulk_insert_rga",
    "cached-contains-set": "nodes.faulty.cached_contains_set",
    "cached-read-counter": "nodes.faulty.cached_read_counter",
    "cached-read-register": "nodes.faulty.cached_read_register",
    "cas-counter": "nodes.cas_counter",
    "clamped-counter": "nodes.faulty.clamped_counter",
    "clock-ids": "nodes.faulty.clock_ids",
    "clockless-read-register": "nodes.faulty.clockless_read_register",
    "collecting-set": "nodes.faulty.collecting_set",
    "common-keys-counter": "nodes.faulty.common_keys_counter",
    "context-count-register": "nodes.faulty.context_count_register",
    "counted-read-register": "nodes.faulty.counted_read_register",
    "counted-twice-cart": "nodes.faulty.counted_twice_cart",
    "cut-context-register": "nodes.faulty.cut_context_register",
    "default-one-counter": "nodes.faulty.default_one_counter",
    "delete-by-index-rga": "nodes.faulty.delete_by_index_rga",
    "delete-once-rga": "nodes.faulty.delete_once_rga",
    "delivery-cart": "nodes.faulty.delivery_cart",
    "delta-or-set": "nodes.delta_or_set",
    "dense-position-rga": "nodes.faulty.dense_position_rga",
    "discarding-set": "nodes.faulty.discarding_set",
    "disk-ids": "nodes.faulty.disk_ids",
    "dvv-register": "nodes.dvv_register",
    "echo": "nodes.echo",
    "echoing-register": "nodes.faulty.echoing_register",
    "empty-line-cart": "nodes.faulty.empty_line_cart",
    "entry-per-tag-set": "nodes.faulty.entry_per_tag_set",
    "estimating-counter": "nodes.faulty.estimating_counter",
    "expecting-mv-register": "nodes.faulty.expecting_mv_register",
    "fire-and-forget-broadcast": "nodes.faulty.fire_and_forget_broadcast",
    "fire-and-forget-counter": "nodes.faulty.fire_and_forget_counter",
    "fire-and-forget-rga": "nodes.faulty.fire_and_forget_rga",
    "first-sibling-register": "nodes.faulty.first_sibling_register",
    "float-delta-counter": "nodes.faulty.float_delta_counter",
    "folded-names-cart": "nodes.faulty.folded_names_cart",
    "fresh-cas-counter": "nodes.fresh_cas_counter",
    "g-counter": "nodes.g_counter",
    "g-set": "nodes.g_set",
    "giving-up-counter": "nodes.faulty.giving_up_counter",
    "greatest-quantity-cart": "nodes.faulty.greatest_quantity_cart",
    "hearsay-later-set": "nodes.faulty.hearsay_later_set",
    "hidden-insert-rga": "nodes.faulty.hidden_insert_rga",
    "hole-for-removed-set": "nodes.faulty.hole_for_removed_set",
    "impatient-counter": "nodes.faulty.impatient_counter",
    "in-order-counter": "nodes.faulty.in_order_counter",
    "keeping-mv-register": "nodes.faulty.keeping_mv_register",
    "key-by-key-counter": "nodes.faulty.key_by_key_counter",
    "last-of-siblings-register": "nodes.faulty.last_of_siblings_register",
    "last-quantity-cart": "nodes.faulty.last_quantity_cart",
    "last-received-counter": "nodes.faulty.last_received_counter",
    "last-tag-told-set": "nodes.faulty.last_tag_told_set",
    "late-hiding-set": "nodes.faulty.late_hiding_set",
    "late-showing-set": "nodes.faulty.late_showing_set",
    "late-sorting-rga": "nodes.faulty.late_sorting_rga",
    "leased-ids": "nodes.faulty.leased_ids",
    "left-keys-counter": "nodes.faulty.left_keys_counter",
    "line-end-rga": "nodes.faulty.line_end_rga",
    "local-reads-counter": "nodes.faulty.local_reads_counter",
    "local-removes-set": "nodes.faulty.local_removes_set",
    "locking-counter": "nodes.locking_counter",
    "lost-update": "nodes.lost_update",
    "lww-counter": "nodes.faulty.lww_counter",
    "lww-or-set": "nodes.faulty.lww_or_set",
    "lww-set": "nodes.lww_set",
    "minus-one-counter": "nodes.faulty.minus_one_counter",
    "mistaken-laws-counter": "nodes.faulty.mistaken_laws_counter",
    "mv-register": "nodes.mv_register",
    "never-superseding-register": "nodes.faulty.never_superseding_register",
    "newest-first-set": "nodes.faulty.newest_first_set",
    "no-causal-buffer-rga": "nodes.faulty.no_causal_buffer_rga",
    "no-conflict-flag-register": "nodes.faulty.no_conflict_flag_register",
    "no-dedup-counter": "nodes.faulty.no_dedup_counter",
    "no-dedup-rga": "nodes.faulty.no_dedup_rga",
    "no-op-add-set": "nodes.faulty.no_op_add_set",
    "no-tie-break-rga": "nodes.faulty.no_tie_break_rga",
    "no-tombstone-rga": "nodes.faulty.no_tombstone_rga",
    "no-tombstone-set": "nodes.faulty.no_tombstone_set",
    "node-clock-register": "nodes.faulty.node_clock_register",
    "nothing-empty-set": "nodes.faulty.nothing_empty_set",
    "null-value-register": "nodes.faulty.null_value_register",
    "oldest-first-rga": "nodes.faulty.oldest_first_rga",
    "one-lane-register": "nodes.faulty.one_lane_register",
    "one-peer-counter": "nodes.faulty.one_peer_counter",
    "one-tag-told-set": "nodes.faulty.one_tag_told_set",
    "op-counter": "nodes.op_counter",
    "op-or-set": "nodes.op_or_set",
    "op-rga": "nodes.op_rga",
    "optimistic-ack-counter": "nodes.faulty.optimistic_ack_counter",
    "or-set": "nodes.or_set",
    "or-set-optimised": "nodes.or_set_optimised",
    "orphans-last-rga": "nodes.faulty.orphans_last_rga",
    "overwriting-merge-counter": "nodes.faulty.overwriting_merge_counter",
    "overwriting-register": "nodes.faulty.overwriting_register",
    "own-clock-rga": "nodes.faulty.own_clock_rga",
    "own-clock-tree-rga": "nodes.faulty.own_clock_tree_rga",
    "own-elements-set": "nodes.faulty.own_elements_set",
    "own-entry-mv-register": "nodes.faulty.own_entry_mv_register",
    "own-slot-disk-counter": "nodes.faulty.own_slot_disk_counter",
    "pn-counter": "nodes.pn_counter",
    "positive-merge-counter": "nodes.faulty.positive_merge_counter",
    "raw-index-rga": "nodes.faulty.raw_index_rga",
    "receipt-cart": "nodes.faulty.receipt_cart",
    "remove-by-name-set": "nodes.faulty.remove_by_name_set",
    "remove-everywhere-cart": "nodes.faulty.remove_everywhere_cart",
    "remove-wins-set": "nodes.faulty.remove_wins_set",
    "resending-cart": "nodes.faulty.resending_cart",
    "retrying-cas-counter": "nodes.faulty.retrying_cas_counter",
    "reused-ids-rga": "nodes.faulty.reused_ids_rga",
    "reused-name-register": "nodes.faulty.reused_name_register",
    "reused-tags-set": "nodes.faulty.reused_tags_set",
    "rga": "nodes.rga",
    "same-clock-register": "nodes.faulty.same_clock_register",
    "seldom-fresh-counter": "nodes.faulty.seldom_fresh_counter",
    "seq-kv-counter": "nodes.seq_kv_counter",
    "shared-answer-echo": "nodes.faulty.shared_answer_echo",
    "shared-clock-register": "nodes.faulty.shared_clock_register",
    "shared-integer-counter": "nodes.faulty.shared_integer_counter",
    "shared-slot-counter": "nodes.faulty.shared_slot_counter",
    "shopping-cart": "nodes.shopping_cart",
    "short-hash-set": "nodes.faulty.short_hash_set",
    "short-memory-counter": "nodes.faulty.short_memory_counter",
    "signed-slot-counter": "nodes.faulty.signed_slot_counter",
    "single-precision-counter": "nodes.faulty.single_precision_counter",
    "single-value-mv-register": "nodes.faulty.single_value_mv_register",
    "single-value-register": "nodes.faulty.single_value_register",
    "smaller-count-counter": "nodes.faulty.smaller_count_counter",
    "sorted-rga": "nodes.faulty.sorted_rga",
    "sum-counter": "nodes.sum_counter",
    "sum-merge-counter": "nodes.faulty.sum_merge_counter",
    "sum-order-mv-register": "nodes.faulty.sum_order_mv_register",
    "sum-order-register": "nodes.faulty.sum_order_register",
    "text-order-register": "nodes.faulty.text_order_register",
    "text-order-rga": "nodes.faulty.text_order_rga",
    "tick-only-counter": "nodes.faulty.tick_only_counter",
    "tick-only-register": "nodes.faulty.tick_only_register",
    "total-size-cart": "nodes.faulty.total_size_cart",
    "tradeoffs": "nodes.tradeoffs",
    "trusting-counter": "nodes.faulty.trusting_counter",
    "two-halves-counter": "nodes.faulty.two_halves_counter",
    "two-phase-or-set": "nodes.faulty.two_phase_or_set",
    "two-phase-set": "nodes.two_phase_set",
    "uncounted-clock-register": "nodes.faulty.uncounted_clock_register",
    "union-cart": "nodes.faulty.union_cart",
    "union-siblings-register": "nodes.faulty.union_siblings_register",
    "unioned-dots-set": "nodes.faulty.unioned_dots_set",
    "unique-ids": "nodes.unique_ids",
    "unmerged-clock-set": "nodes.faulty.unmerged_clock_set",
    "unsaved-deletes-rga": "nodes.faulty.unsaved_deletes_rga",
    "unsaved-inserts-rga": "nodes.faulty.unsaved_inserts_rga",
    "volatile-broadcast": "nodes.faulty.volatile_broadcast",
    "volatile-clock-mv-register": "nodes.faulty.volatile_clock_mv_register",
    "volatile-counter": "nodes.faulty.volatile_counter",
    "volatile-ids": "nodes.faulty.volatile_ids",
    "volatile-set": "nodes.faulty.volatile_set",
    "vv-register": "nodes.vv_register",
    "waiting-counter": "nodes.faulty.waiting_counter",
    "wall-clock-register": "nodes.faulty.wall_clock_register",
    "wall-clock-set": "nodes.faulty.wall_clock_set",
    "whole-state-set": "nodes.faulty.whole_state_set",
    "write-behind-counter": "nodes.faulty.write_behind_counter",
    "write-buffer-register": "nodes.faulty.write_buffer_register",
}
"""The module of each program, by the name that a user calls it."""


def command(name: str) -> tuple[list[str], dict[str, str]]:
    """Return how to start a bundled program: arguments, and environment to add.

    The interpreter is started without `site` (`-S`), which would look through all that
    is installed, half as long again as a node needs to start. What is lost with
    it, the place where this package lies, comes back as `PYTHONPATH`. The working
    directory is kept off the import path (`-P`): a file `json.py` there is no business
    of the node.

    Raises:
        KeyError: No program of that name is bundled.
    """
    from pathlib import Path  # here, because a node does without it

    argv = [sys.executable, "-S", "-P", "-m", BUNDLED[name]]
    return argv, {"PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
