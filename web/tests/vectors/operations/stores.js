/** Member files, stores and their entries. */

import { sha256 } from '@noble/hashes/sha2.js';
import { shake256 } from '@noble/hashes/sha3.js';
import { bytesToHex } from '@noble/hashes/utils.js';

import * as aead from '../../../src/client/aead.js';
import * as hpke from '../../../src/client/hpke.js';
import * as member_file from '../../../src/client/member_file.js';
import { merge } from '../../../src/client/merge.js';
import * as store from '../../../src/client/store.js';
import * as store_entries from '../../../src/client/store_entries.js';
import * as c from '../../../src/constants.js';
import { concat, frame, u32, u8, utf8 } from '../../../src/encoding.js';
import { CannotOpen } from '../../../src/errors.js';
import { changed, drawn, pick, unbytes, unlist } from '../values.js';

const { Case, Erased, Left, MemberEntry, SeedEntry, WeeklyEntry } = store_entries;
/** @type {store_entries.Codec<any>[]} */
const KINDS = [MemberEntry, SeedEntry, WeeklyEntry, Case, Erased, Left];

/** @type {Record<string, import('../values.js').Operation>} */
export const OPERATIONS = {
  seal_member_file(given) {
    const random = drawn(unbytes(given.salt), unbytes(given.nonce));
    return { file: member_file.sealMemberFile(secret(given), given.passphrase, { random }) };
  },

  open_member_file: (given) => ({
    ...member_file.openMemberFile(unbytes(given.file), given.passphrase),
  }),

  read_entry(given) {
    const value = unbytes(given.value);
    store_entries.check(given.kind, new Uint8Array(16), value);
    const codec = KINDS.find(({ KIND }) => KIND === given.kind);
    return { again: codec ? codec.encode(codec.decode(value)) : value };
  },

  open_store(given) {
    const opened = store.openStore(
      made(given.store),
      secret(given),
      BigInt(given.at_least_generation),
    );
    return {
      generation: Number(opened.generation),
      organisation_seed: opened.organisation_seed,
      entries: opened.entries.map(({ kind, id, value }) => [kind, id, value]),
    };
  },

  seal_store(given) {
    const shut = copy(given);
    const sealed = store.sealStore(shut, { random: numbered() });
    const contents = unlist(given.member_seeds).map((seed) => contentOf(sealed, seed, shut));
    const [content] = contents;
    if (!content || new Set(contents.map(bytesToHex)).size !== 1) throw new Error('one content');
    return { size: sealed.length, content };
  },

  merge_stores({ base, mine, theirs, today }) {
    const merged = merge(base ? copy(base) : undefined, copy(mine), copy(theirs), { today });
    const entries = merged.store.entries.sort(store.order);
    return {
      generation: Number(merged.store.generation),
      entries: entries.map(({ kind, id, value }) => [kind, id, value]),
      overruled: merged.overruled.map(({ kind, id, field, lost }) => [kind, id, field, lost]),
    };
  },
};

/** @param {import('../values.js').Given} given */
function copy(given) {
  return new store.Store({
    ...pick(given, 'network_id', 'organisation_seed'),
    generation: BigInt(given.generation),
    entries: given.entries.map((/** @type {any[]} */ [kind, id, value]) => ({
      kind,
      id: unbytes(id),
      value: unbytes(value),
    })),
  });
}

/** @param {import('../values.js').Given} given */
function secret(given) {
  return member_file.make(pick(given.secret, ...Object.keys(given.secret)));
}

/**
 * docs/spec/vectors.md, 6.
 * @param {import('../values.js').Given} recipe
 */
function made(recipe) {
  const { suite, nonce, content, tail, store_key, aad } = pick(
    recipe,
    'suite',
    'nonce',
    'content',
    'tail',
    'store_key',
    'aad',
  );
  const head = concat(suite, ...unlist(recipe.slots));
  const front = concat(u32(recipe.length), content);
  const room = recipe.size - head.length - nonce.length - c.AEAD_TAG_BYTES - tail.length;
  const plaintext = concat(front, new Uint8Array(room - front.length), tail);
  let sealed = concat(head, nonce, aead.seal(store_key, { nonce, aad, plaintext }));
  if (recipe.change) sealed = changed(sealed, recipe.change);
  if (bytesToHex(sha256(sealed)) !== recipe.sha256) throw new Error('another store was made');
  return sealed;
}

/**
 * Open a store as the page says, by the primitives alone.
 * @param {Uint8Array} sealed
 * @param {Uint8Array} seed
 * @param {store.Store} shut
 */
function contentOf(sealed, seed, shut) {
  const context = [u8(1), shut.network_id, shut.organisation_key];
  const slots = sealed.slice(1, store.SLOTS_END);
  const aad = frame(c.LABEL_STORE, ...context, sha256(slots));
  const keys = storeKeys(slots, seed, frame(c.LABEL_STORE_SLOT, ...context));
  const [key] = keys;
  if (!key || keys.length !== 1) throw new Error('one slot');
  const body = sealed.slice(store.SLOTS_END);
  const nonce = body.slice(0, c.XCHACHA_NONCE_BYTES);
  const ciphertext = body.slice(c.XCHACHA_NONCE_BYTES);
  const plain = aead.open(key, { nonce, aad, ciphertext });
  const end = 4 + new DataView(plain.buffer, plain.byteOffset).getUint32(0);
  if (plain.subarray(end).some(Boolean)) throw new Error('padding');
  return plain.slice(4, end);
}

/**
 * @param {Uint8Array} slots
 * @param {Uint8Array} seed
 * @param {Uint8Array} info
 */
function storeKeys(slots, seed, info) {
  const key = hpke.loadPrivate(seed);
  const keys = [];
  for (let at = 0; at < slots.length; at += c.STORE_SLOT_BYTES) {
    try {
      keys.push(key.open({ info, sealed: slots.slice(at, at + c.STORE_SLOT_BYTES) }));
    } catch (refused) {
      if (!(refused instanceof CannotOpen)) throw refused;
    }
  }
  return keys;
}

/** Return a source whose values differ at every call. */
function numbered() {
  let calls = 0;
  return (/** @type {number} */ size) => shake256(utf8(String(calls++)), { dkLen: size });
}
