/** Codes, receipts and what they give. */

import * as code_text from '../../../src/client/code_text.js';
import * as codes from '../../../src/client/codes.js';
import * as keys from '../../../src/public/keys.js';
import { unbytes } from '../values.js';

/** @type {Record<string, import('../values.js').Operation>} */
export const OPERATIONS = {
  read_code: (given) => code_text.read(given.text, given.kind),

  write_code(given) {
    const secret = unbytes(given.secret);
    return {
      symbols: code_text.symbols(secret, given.kind),
      digits: code_text.digits(secret, given.kind),
    };
  },

  code_keys: async (given) => ({
    ...(await codes.codeKeys(unbytes(given.code), unbytes(given.network_id))),
  }),

  receipt_keys: async (given) => ({
    ...(await codes.receiptKeys(unbytes(given.receipt), given.word, unbytes(given.network_id))),
  }),

  normal_word: (given) => ({ word: codes.normalWord(given.word) }),

  key_hash: (given) => ({ hash: keys.keyHash(unbytes(given.key)) }),

  code_last_epoch: (given) => ({ last_epoch: codes.lastEpoch(given.today) }),
};
