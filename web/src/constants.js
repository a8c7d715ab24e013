/**
 * Sizes, limits, labels and ids of the protocol.
 *
 * Generated from docs/spec/constants.toml by `./dev vectors`; do not edit here.
 */

// suite
export const SUITE = 1;
export const FORMAT_VERSION = 1;

// codes
export const CODE_BYTES = 10;
export const CODE_DATA_SYMBOLS = 16;
export const CODE_CHECK_SYMBOLS = 4;
export const CODE_SYMBOLS = 20; // CODE_DATA_SYMBOLS + CODE_CHECK_SYMBOLS
export const CODE_DATA_DIGITS = 25;
export const CODE_CHECK_DIGITS = 2;
export const CODE_DIGITS = 27; // CODE_DATA_DIGITS + CODE_CHECK_DIGITS
export const CODE_INPUT_CHARACTERS = 200;
export const PBKDF2_ROUNDS = 600000;
export const WORD_BYTES = 64;
export const LOCATOR_BYTES = 16;
export const KEY_BYTES = 32;
export const NETWORK_ID_BYTES = 32;

// primitives
export const XWING_SEED_BYTES = 32;
export const XWING_PUBLIC_KEY_BYTES = 1216;
export const HPKE_ENC_BYTES = 1120;
export const AEAD_TAG_BYTES = 16;
export const XCHACHA_NONCE_BYTES = 24;
export const ED25519_SEED_BYTES = 32;
export const ED25519_PUBLIC_KEY_BYTES = 32;
export const ED25519_SIGNATURE_BYTES = 64;
export const HASH_BYTES = 32;
export const ARGON2_MEMORY_KIB = 65536;
export const ARGON2_PASSES = 3;
export const ARGON2_LANES = 1;
export const ARGON2_SALT_BYTES = 16;
export const SUITE_BYTES = 1;
export const VERSION_BYTES = 1;
export const EPOCH_BYTES = 4;
export const U8_BYTES = 1;
export const U16_BYTES = 2;
export const U32_BYTES = 4;
export const U64_BYTES = 8;

// record
export const RECORD_BYTES = 4096;
export const RECORD_COMMITMENT_BYTES = 32;
// SUITE_BYTES + RECORD_COMMITMENT_BYTES + XCHACHA_NONCE_BYTES + AEAD_TAG_BYTES
export const RECORD_OVERHEAD_BYTES = 73;
export const PROFILE_BYTES = 248;
export const ORGANISATION_NAME_BYTES = 96;
export const PROOF_HASHES = 26;
export const STATEMENT_BYTES = 800;
export const CHECKPOINT_BYTES = 1200;

// envelope
export const MESSAGE_BYTES = 4096;
export const INNER_BYTES = 4136; // XCHACHA_NONCE_BYTES + MESSAGE_BYTES + AEAD_TAG_BYTES
export const ENVELOPE_BYTES = 5273; // SUITE_BYTES + HPKE_ENC_BYTES + INNER_BYTES + AEAD_TAG_BYTES
export const BINDING_BYTES = 16;
export const KIND_REFERRAL = 1;
export const KIND_FOLLOW_UP = 2;
export const KIND_WALK_IN = 3;
export const MESSAGE_HEADER_BYTES = 4; // VERSION_BYTES + U8_BYTES + U16_BYTES
export const FIELD_HEADER_BYTES = 3; // U8_BYTES + U16_BYTES
export const FOLLOW_UPS = 7;
export const DROP_ROW_BYTES = 5289; // BINDING_BYTES + ENVELOPE_BYTES

// referral
export const NEEDS = 32;
export const LANGUAGES = 8;
export const WHO = 16;
export const CHILDREN = 16;
export const CHANNELS = 8;
export const HOURS = 16;
export const NEVER = 16;
export const WISHES = 24;
export const PEOPLE = 99;
export const CONTACT_BYTES = 160;
export const SAFE_WORD_BYTES = 64;
export const TEXT_BYTES = 3000;
export const BOX_FIELD_BYTES = 112; // BOX_ID_BYTES + KEY_BYTES + KEY_BYTES + KEY_BYTES
export const CONSENT_PERSON = 1;
export const CONSENT_SELF = 2;
export const EYES_WORD = 1;
export const EYES_RECEIPT = 2;
export const EYES_NOBODY = 3;

// box
export const BOX_ID_BYTES = 16;
export const SLOT_BYTES = 4096;
export const SLOT_OVERHEAD_BYTES = 40; // XCHACHA_NONCE_BYTES + AEAD_TAG_BYTES
export const SLOTS = 32;
export const TRY_ANOTHER = 4;
export const STATE_DELIVERED = 1;
export const STATE_CLOSED = 6;

// walk in
export const WEEKLY_KEY_DAYS = 7;
export const WEEKLY_KEY_GRACE_DAYS = 7;
// SUITE_BYTES + ED25519_PUBLIC_KEY_BYTES + EPOCH_BYTES + EPOCH_BYTES + XWING_PUBLIC_KEY_BYTES + ED25519_SIGNATURE_BYTES
export const WEEKLY_KEY_BYTES = 1321;
export const WORK_BITS_LEAST = 8;
export const WORK_BITS_MOST = 28;

// lifetimes
export const CODE_DAYS = 56;
export const REFERRAL_DAYS = 14;
export const REFERRAL_DAYS_MOST = 60;
export const SEED_DAYS_AFTER_CODE = 60;
export const CASE_DAYS_AFTER_CLOSING = 30;
export const VETTED_DAYS = 90;
export const COSIGNATURE_DAYS = 7;

// statements
export const NOTE_BYTES = 16384;
export const NOTE_SIGNATURES = 64;
export const ADMIN_NAME_BYTES = 24;
export const LOG_NAME_BYTES = 32;
export const WITNESS_NAME_BYTES = 32;
export const ADMINS_LEAST = 2;
export const THRESHOLD_LEAST = 2;
export const THRESHOLD_MOST = 3;
export const WITNESS_THRESHOLD_MOST = 5;
export const ADMINS_MOST = 16;
export const WITNESSES_MOST = 16;
export const FORMER_MOST = 32;
export const REGIONS_MOST = 64;
export const REGION_NAME_BYTES = 64;
export const SUSPENSIONS_MOST = 1024;
export const SUSPENSION_KEY_BYTES = 12;
export const ADMIN_SECRET_BYTES = 58; // ED25519_SEED_BYTES + U16_BYTES + ADMIN_NAME_BYTES
// VERSION_BYTES + ARGON2_SALT_BYTES + XCHACHA_NONCE_BYTES + ADMIN_SECRET_BYTES + AEAD_TAG_BYTES
export const ADMIN_FILE_BYTES = 115;
export const SERIAL_MOST = 4294967294;
export const SERIALS_LEFT = 10000;
/** @type {readonly number[]} */
export const NAME_BANNED = [
  173, 173, 847, 847, 1564, 1564, 4447, 4448, 6068, 6069, 6155, 6159, 8203, 8203, 8206, 8207,
  8232, 8238, 8288, 8303, 10240, 10240, 12644, 12644, 57344, 63743, 65024, 65039, 65279, 65279,
  65440, 65440, 65520, 65531, 113824, 113827, 119155, 119162, 917504, 921599, 983040, 1114111,
];
export const NOTE_ALG_ED25519 = 1;
export const NOTE_ALG_COSIGNATURE = 4;
export const NOTE_KEY_ID_BYTES = 4;

// tokens
export const TOKEN_INPUT_BYTES = 32;
export const TOKEN_OUTPUT_BYTES = 64;
export const TOKEN_BYTES = 96; // TOKEN_INPUT_BYTES + TOKEN_OUTPUT_BYTES
export const TOKEN_ELEMENT_BYTES = 32;
export const TOKEN_PROOF_BYTES = 64;
export const TOKEN_BATCH_MOST = 256;
export const TOKEN_PERIOD_DAYS = 28;
export const TOKEN_GRACE_DAYS = 28;

// http
export const BODY_BYTES = 65536;
export const CURSOR_BYTES = 8;
export const DROP_STREAM_ROW_BYTES = 5297; // CURSOR_BYTES + DROP_ROW_BYTES
export const DROP_ROWS = 500;
export const DROP_KEY_BYTES = 32;
export const READ_SLOTS = 8;
export const PAD_CHARACTERS = 8192;
export const ARMOUR_CHARACTERS = 20000;
export const ARMOUR_CHECK_BYTES = 4;
export const ARMOUR_LINE_CHARACTERS = 64;
export const CARRIED_CHARACTERS = 2000000;
export const CARRIED_SUSPENSIONS_BYTES = 131072;
export const BATCHES_A_WEEK = 3;
export const MEMBERS_MOST = 16;
export const COUNTER_MOST = 9223372036854775807n;
export const APPLICATION_DAYS = 90;
// VERSION_BYTES + NETWORK_ID_BYTES + ED25519_PUBLIC_KEY_BYTES + ED25519_PUBLIC_KEY_BYTES + EPOCH_BYTES + U16_BYTES + ORGANISATION_NAME_BYTES + U16_BYTES + PROFILE_BYTES + ED25519_SIGNATURE_BYTES
export const APPLICATION_BYTES = 513;

// log
export const EDGE_HASHES = 26;
export const CONSISTENCY_HASHES = 52;
export const TILE_WIDTH = 256;
export const TOKEN_KEY_AHEAD_DAYS = 14;
export const SUSPENDED_MOST = 64;
export const RENEW_DAYS = 56;

// vetting
// VERSION_BYTES + NETWORK_ID_BYTES + ED25519_PUBLIC_KEY_BYTES + XWING_PUBLIC_KEY_BYTES + ED25519_SIGNATURE_BYTES
export const ADMIN_KEY_BYTES = 1345;
export const APPLICATION_ID_BYTES = 16;
export const APPLICATION_SECRET_BYTES = 32;
export const READER_BYTES = 16;
// READER_BYTES + HPKE_ENC_BYTES + KEY_BYTES + KEY_BYTES + AEAD_TAG_BYTES
export const READER_SEALED_BYTES = 1216;
export const APPLICATION_PLAINTEXT_BYTES = 20480;
// XCHACHA_NONCE_BYTES + APPLICATION_PLAINTEXT_BYTES + AEAD_TAG_BYTES
export const APPLICATION_BODY_BYTES = 20520;
export const APPLICATION_CONTACT_BYTES = 500;
export const VETTING_CRITERIA = 16;
/** @type {readonly number[]} */
export const VETTING_BLOCKING = [1, 2, 3, 5, 7];
export const ANSWER_TEXT_BYTES = 1000;
export const VETTING_ENTRY_BYTES = 2560;
export const VETTING_ENTRY_PLAINTEXT_BYTES = 2519;
export const VETTING_NOTE_BYTES = 2000;
export const VETTING_MARK_BYTES = 1500;
export const VETTING_ENTRIES_MOST = 250;
export const VETTING_REPLY_BYTES = 2048;
export const VETTING_REPLY_PLAINTEXT_BYTES = 2008;
export const VETTING_REPLY_TEXT_BYTES = 1800;
export const CRITERION_YES = 1;
export const CRITERION_NO = 2;
export const CRITERION_PART = 3;
export const CRITERION_NONE = 4;
export const VETTING_NOTE = 1;
export const VETTING_MARK = 2;
export const VETTING_SIGNATURE = 3;
export const VETTING_DECLINE = 4;
export const MARK_MET = 1;
export const MARK_NOT_MET = 2;
export const MARK_UNCLEAR = 3;
export const MARK_TAKEN_BACK = 4;
export const REPLY_DECLINED = 1;
export const REPLY_QUESTION = 2;
export const REPLY_LISTED = 3;

// rows
export const WRAP_OVERHEAD_BYTES = 40; // XCHACHA_NONCE_BYTES + AEAD_TAG_BYTES

// store
export const MEMBER_ID_BYTES = 16;
export const MEMBER_NAME_BYTES = 64;
// MEMBER_ID_BYTES + XWING_SEED_BYTES + ED25519_SEED_BYTES + NETWORK_ID_BYTES + ED25519_PUBLIC_KEY_BYTES
export const MEMBER_SECRET_BYTES = 144;
// VERSION_BYTES + ARGON2_SALT_BYTES + XCHACHA_NONCE_BYTES + MEMBER_SECRET_BYTES + AEAD_TAG_BYTES
export const MEMBER_FILE_BYTES = 201;
export const STORE_SLOTS = 16;
export const STORE_SLOT_BYTES = 1168; // HPKE_ENC_BYTES + KEY_BYTES + AEAD_TAG_BYTES
export const ENTRY_ID_BYTES = 16;
export const BATCH_ID_BYTES = 8;
export const ENTRY_MEMBER = 1;
export const ENTRY_SEED = 2;
export const ENTRY_WEEKLY = 3;
export const ENTRY_CASE = 4;
export const ENTRY_ERASED = 5;
export const ENTRY_SETTING = 6;
export const ENTRY_LEFT = 7;
export const DEVICE_BYTES = 4;
export const UNREADABLE_DAYS = 90;
export const UNREADABLE_MOST = 256;
export const WEEKS_KNOWN_MOST = 4;
export const SEED_MADE = 0;
export const SEED_PUBLISHED = 1;
export const SEED_HANDED_OUT = 2;
export const SEED_ARRIVED = 3;
export const SEED_CANCELLED = 4;
export const SEED_SET_ASIDE = 5;
export const PAGE_ID_BYTES = 8;
export const PAGE_TURN_MOST = 65535;
export const SET_ASIDE_MOST = 8;
export const CASE_NOTE_BYTES = 16384;
export const STORE_DAYS = 60;

// store, steps
/** @type {readonly number[]} */
export const STORE_STEPS = [262144, 1048576, 4194304, 16777216, 67108864];

// recovery
export const RECOVERY_BYTES = 17;
export const RECOVERY_DATA_SYMBOLS = 26;
export const RECOVERY_SYMBOLS = 30; // RECOVERY_DATA_SYMBOLS + CODE_CHECK_SYMBOLS
export const ROLE_RECOVERY = 3;

// invite
export const INVITE_BYTES = 1536;
export const INVITE_ORGANISATION_BYTES = 96;
export const INVITE_DAYS = 1;
export const INVITE_CHECK_GROUPS = 4;

// alphabet
export const CODE_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const CODE_FIELD_POLYNOMIAL = 37;
/** @type {readonly number[]} */
export const RECEIPT_CHECK_OFFSET = [5, 31, 14, 9];
export const CODE_DIGITS_REMAINDER = 1;
export const RECEIPT_DIGITS_REMAINDER = 50;

// labels
export const LABEL_CODE = 'towpath/v1/code';
export const LABEL_RECEIPT = 'towpath/v1/receipt';
export const LABEL_LOCATOR = 'towpath/v1/locator';
export const LABEL_RECORD_KEY = 'towpath/v1/record-key';
export const LABEL_RECORD_COMMITMENT = 'towpath/v1/record-commitment';
export const LABEL_PSK = 'towpath/v1/psk';
export const LABEL_CODE_WRITE_KEY = 'towpath/v1/code-write-key';
export const LABEL_BOX_ID = 'towpath/v1/box-id';
export const LABEL_BOX_KEY = 'towpath/v1/box-key';
export const LABEL_BOX_WRITE_KEY = 'towpath/v1/box-write-key';
export const LABEL_HOLDER_KEY = 'towpath/v1/holder-key';
export const LABEL_TAG_KEY = 'towpath/v1/tag-key';
export const LABEL_FOLLOW_UP_TAG = 'towpath/v1/follow-up-tag';
export const LABEL_FOLLOW_UP_KEY = 'towpath/v1/follow-up-key';
export const LABEL_KEY_HASH = 'towpath/v1/key-hash';
export const LABEL_RECORD = 'towpath/v1/record';
export const LABEL_ONE_TIME_KEY = 'towpath/v1/one-time-key';
export const LABEL_ENVELOPE = 'towpath/v1/envelope';
export const LABEL_INNER = 'towpath/v1/inner';
export const LABEL_WALK_IN_KEY = 'towpath/v1/walk-in-key';
export const LABEL_WEEKLY_KEY = 'towpath/v1/weekly-key';
export const LABEL_WORK = 'towpath/v1/work';
export const LABEL_SLOT_KEY = 'towpath/v1/slot-key';
export const LABEL_SLOT = 'towpath/v1/slot';
export const LABEL_ANSWER = 'towpath/v1/answer';
export const LABEL_SLOT_FILLER = 'towpath/v1/slot-filler';
export const LABEL_NETWORK = 'towpath/v1/network';
export const LABEL_POLICY = 'towpath/v1/policy';
export const LABEL_STATEMENT = 'towpath/v1/statement';
export const LABEL_SUSPENSIONS = 'towpath/v1/suspensions';
export const LABEL_TOKEN_KEY = 'towpath/v1/token-key';
export const LABEL_NULLIFIER = 'towpath/v1/nullifier';
export const LABEL_STORE = 'towpath/v1/store';
export const LABEL_STORE_SLOT = 'towpath/v1/store-slot';
export const LABEL_MEMBER_FILE = 'towpath/v1/member-file';
export const LABEL_REQUEST = 'towpath/v1/request';
export const LABEL_APPLICATION = 'towpath/v1/application';
export const LABEL_WRAP = 'towpath/v1/wrap';
export const LABEL_WRAP_LOOKUP = 'towpath/v1/wrap-lookup';
export const LABEL_WRAP_KEY = 'towpath/v1/wrap-key';
export const LABEL_ADMIN_FILE = 'towpath/v1/admin-file';
export const LABEL_RECOVERY_ID = 'towpath/v1/recovery-id';
export const LABEL_RECOVERY_XWING = 'towpath/v1/recovery-xwing';
export const LABEL_RECOVERY_SIGNING = 'towpath/v1/recovery-signing';
export const LABEL_INVITE = 'towpath/v1/invite';
export const LABEL_INVITE_LOCATOR = 'towpath/v1/invite-locator';
export const LABEL_INVITE_OFFER_KEY = 'towpath/v1/invite-offer-key';
export const LABEL_INVITE_REPLY_KEY = 'towpath/v1/invite-reply-key';
export const LABEL_INVITE_WRITE_KEY = 'towpath/v1/invite-write-key';
export const LABEL_INVITE_OFFER = 'towpath/v1/invite-offer';
export const LABEL_INVITE_REPLY = 'towpath/v1/invite-reply';
export const LABEL_INVITE_CHECK = 'towpath/v1/invite-check';
export const LABEL_INVITE_COVER = 'towpath/v1/invite-cover';
export const LABEL_PROFILE = 'towpath/v1/profile';
export const LABEL_WEEKLY_KEY_ENTRY = 'towpath/v1/weekly-key-entry';
export const LABEL_TOKEN_KEY_ENTRY = 'towpath/v1/token-key-entry';
export const LABEL_ADMIN_READING = 'towpath/v1/admin-reading';
export const LABEL_ADMIN_KEY = 'towpath/v1/admin-key';
export const LABEL_APPLICATION_ID = 'towpath/v1/application-id';
export const LABEL_APPLICATION_WRITE = 'towpath/v1/application-write';
export const LABEL_APPLICATION_REPLY = 'towpath/v1/application-reply';
export const LABEL_APPLICATION_CONTENT = 'towpath/v1/application-content';
export const LABEL_APPLICATION_KEY = 'towpath/v1/application-key';
export const LABEL_APPLICATION_SEALED = 'towpath/v1/application-sealed';
export const LABEL_APPLICATION_ANSWERS = 'towpath/v1/application-answers';
export const LABEL_APPLICATION_ANSWER = 'towpath/v1/application-answer';
export const LABEL_APPLICATION_COVER = 'towpath/v1/application-cover';
export const LABEL_VETTING_ENTRY_KEY = 'towpath/v1/vetting-entry-key';
export const LABEL_VETTING_ENTRY = 'towpath/v1/vetting-entry';
export const LABEL_VETTING_ENTRY_SIGNED = 'towpath/v1/vetting-entry-signed';

// fields
export const FIELD_CONSENT = 1;
export const FIELD_NEEDS = 2;
export const FIELD_LANGUAGES = 3;
export const FIELD_REGION = 4;
export const FIELD_PEOPLE = 5;
export const FIELD_WHO = 6;
export const FIELD_CHILDREN = 7;
export const FIELD_SOON = 8;
export const FIELD_CHANNELS = 9;
export const FIELD_HOURS = 10;
export const FIELD_NEVER = 11;
export const FIELD_CONTACT = 12;
export const FIELD_SAFE_WORD = 13;
export const FIELD_PEER = 14;
export const FIELD_WISHES = 15;
export const FIELD_EYES = 16;
export const FIELD_BOX = 17;
export const FIELD_TEXT = 18;

// answer fields
export const ANSWER_STATE = 1;
export const ANSWER_EPOCH = 2;
export const ANSWER_TEXT = 3;
export const ANSWER_TRY_ANOTHER = 4;
export const ANSWER_LAST_EPOCH = 5;
export const ANSWER_ORGANISATION = 6;
export const ANSWER_NAME = 7;
export const ANSWER_PUBLIC_KEY = 8;
export const ANSWER_SIGNATURE = 9;

// case fields
export const CASE_ARRIVED = 1;
export const CASE_STATE = 2;
export const CASE_MESSAGE = 3;
export const CASE_FOLLOW_UP = 4;
export const CASE_ANSWER = 5;
export const CASE_TAKEN_BY = 6;
export const CASE_NOTE = 7;
export const CASE_LAST_EPOCH = 8;

// profile most
export const PROFILE_SERVICES_MOST = 20;
export const PROFILE_LANGUAGES_MOST = 12;
export const PROFILE_ACCEPTS_MOST = 12;
export const PROFILE_POLICE_TIES_MOST = 12;
export const PROFILE_FUNDING_MOST = 12;
export const PROFILE_REPORTING_MOST = 8;
export const PROFILE_PRIVILEGE_MOST = 6;
export const PROFILE_HOUSING_MOST = 12;
export const PROFILE_REGIONS_MOST = 8;

// profile fields
export const PROFILE_KIND = 1;
export const PROFILE_SERVICES = 2;
export const PROFILE_LANGUAGES = 3;
export const PROFILE_ACCEPTS = 4;
export const PROFILE_POLICE_TIES = 5;
export const PROFILE_FUNDING = 6;
export const PROFILE_REPORTING = 7;
export const PROFILE_PRIVILEGE = 8;
export const PROFILE_HOUSING = 9;
export const PROFILE_REGIONS = 10;
export const PROFILE_PLEDGE = 11;

// typing
/** @type {readonly number[]} */
export const TYPING_WHITE_SPACE = [
  9, 13, 32, 32, 133, 133, 160, 160, 5760, 5760, 8192, 8202, 8232, 8233, 8239, 8239, 8287, 8287,
  12288, 12288,
];
/** @type {readonly number[]} */
export const TYPING_INVISIBLE = [
  173, 173, 1564, 1564, 8203, 8207, 8234, 8238, 8288, 8292, 8294, 8297, 65279, 65279,
];
/** @type {readonly number[]} */
export const TYPING_DASHES = [
  44, 47, 58, 58, 95, 95, 183, 183, 8208, 8213, 8226, 8226, 8259, 8259, 8722, 8722, 12539, 12540,
  65112, 65112, 65123, 65123, 65293, 65294, 65381, 65381, 65392, 65392,
];
/** @type {readonly number[]} */
export const TYPING_ZEROS = [
  1632, 1776, 1984, 2406, 2534, 2662, 2790, 2918, 3046, 3174, 3302, 3430, 3664, 3792, 3872, 4160,
  4240, 6112, 6160,
];
export const TYPING_LOOK_ALIKE = 'OIL\u0130\u0131\u0410\u0430\u0412\u0432\u0415\u0435\u041a\u043a\u041c\u043c\u041d\u043d\u041e\u043e\u0420\u0440\u0421\u0441\u0422\u0442\u0425\u0445';
export const TYPING_LOOKS_LIKE = '01111AABBEEKKMMHH00PPCCTTXX';
