/**
 * Refusals: one class for each outcome category of the vectors (docs/spec/conventions.md, 6).
 *
 * None carries a message or any value, so that no error of ours can hold a secret or say which
 * byte was wrong. What a person is told about one stands with the pages.
 */

/** Towpath refused this; `category` survives the minifying of class names. */
export class Refused extends Error {
  category = '';
}

/** This does not have the form it must have. */
export class Malformed extends Refused {
  category = 'Malformed';
}

/** This was made by a version that this one does not know. */
export class Unsupported extends Refused {
  category = 'Unsupported';
}

/** This does not open: another key, or something in it was changed. */
export class CannotOpen extends Refused {
  category = 'CannotOpen';
}

/** What was signed does not match its signature, or the signer is not known here. */
export class BadSignature extends Refused {
  category = 'BadSignature';
}

/** Fewer admins signed this than the network asks for. */
export class TooFewSignatures extends Refused {
  category = 'TooFewSignatures';
}

/** This belongs to another network. */
export class WrongNetwork extends Refused {
  category = 'WrongNetwork';
}

/** The last day of this has passed. */
export class Expired extends Refused {
  category = 'Expired';
}

/** The first day of this has not come. */
export class NotYetValid extends Refused {
  category = 'NotYetValid';
}

/** This organisation's listing was suspended or replaced. */
export class Suspended extends Refused {
  category = 'Suspended';
}

/** The public log does not contain this. */
export class NotInLog extends Refused {
  category = 'NotInLog';
}

/** Too few witnesses have confirmed the public log, or too long ago. */
export class NotWitnessed extends Refused {
  category = 'NotWitnessed';
}

/** This is older than what was seen before. */
export class Rollback extends Refused {
  category = 'Rollback';
}

/** There is no yes of the person in this. */
export class ConsentMissing extends Refused {
  category = 'ConsentMissing';
}

/** This is longer than there is room for. */
export class TooLong extends Refused {
  category = 'TooLong';
}

/** These letters or digits are not a code. */
export class CodeMistyped extends Refused {
  category = 'CodeMistyped';
}

/** This is a receipt where a code is asked for, or a code where a receipt is. */
export class WrongKind extends Refused {
  category = 'WrongKind';
}

/** The proof of work does not hold. */
export class WorkMissing extends Refused {
  category = 'WorkMissing';
}

/** The token, or the proof that came with it, is not valid. */
export class TokenRefused extends Refused {
  category = 'TokenRefused';
}
