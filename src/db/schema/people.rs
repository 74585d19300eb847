//! Who may do what, and who did.

#![expect(missing_docs, reason = "the migrations comment on every table and column")]

diesel::table! {
    /// People who may sign in to the admin site.
    bluebook.users (id) {
        id -> BigInt,
        login -> Text,
        name -> Text,
        role -> Text,
        password -> Nullable<Text>,
        password_changed_at -> Nullable<Timestamptz>,
        disabled_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// Signed-in browsers; the cookie's token is kept only as its SHA-256.
    bluebook.sessions (token_hash) {
        token_hash -> Bytea,
        user_id -> BigInt,
        csrf -> Bytea,
        created_at -> Timestamptz,
        seen_at -> Timestamptz,
        expires_at -> Timestamptz,
        address -> Nullable<Text>,
        browser -> Nullable<Text>,
    }
}

diesel::table! {
    /// One-time links: how an account is entered before it has a password.
    bluebook.sign_in_links (token_hash) {
        token_hash -> Bytea,
        user_id -> BigInt,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// Failed sign-ins, counted for accounts that exist and for those that do not alike.
    bluebook.sign_in_attempts (key) {
        key -> Text,
        failures -> Integer,
        since -> Timestamptz,
        blocked_until -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// Who did what: append-only, each line carrying the hash of the one before.
    bluebook.audit (id) {
        id -> BigInt,
        at -> Timestamptz,
        user_id -> Nullable<BigInt>,
        who -> Text,
        action -> Text,
        subject -> Nullable<Text>,
        row_key -> Nullable<Jsonb>,
        before -> Nullable<Jsonb>,
        after -> Nullable<Jsonb>,
        request -> Nullable<Text>,
        previous -> Bytea,
        hash -> Bytea,
    }
}
