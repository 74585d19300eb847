-- The six customer tables, for companies that do not bring their own. Comments are what staff read in the admin:
-- a column's is its help text, a constraint's is the sentence shown beside the field that breaks it.

CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;

CREATE TYPE public.customer_status AS ENUM ('prospect', 'active', 'dormant', 'closed');
CREATE TYPE public.customer_kind AS ENUM ('household', 'business', 'public_body');
CREATE TYPE public.commodity AS ENUM ('electricity', 'gas', 'heat', 'water');
COMMENT ON TYPE public.customer_status IS 'Where a customer stands with us';
COMMENT ON TYPE public.customer_kind IS 'Who buys';
COMMENT ON TYPE public.commodity IS 'What is supplied';

CREATE FUNCTION public.set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END $$;
COMMENT ON FUNCTION public.set_updated_at() IS 'Trigger: updated_at is the database''s business, whoever writes';

CREATE FUNCTION public.iban_remainder(iban text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN iban ~ '^[0-9A-Z]{5,34}$' THEN (
        SELECT string_agg(CASE WHEN c BETWEEN '0' AND '9' THEN c ELSE (ascii(c) - 55)::text END, '' ORDER BY place)::numeric
        FROM regexp_split_to_table(substr(iban, 5) || left(iban, 4), '') WITH ORDINALITY AS letters (c, place)
    ) % 97 END::integer
$$;
COMMENT ON FUNCTION public.iban_remainder(text) IS 'ISO 13616: 1 for an IBAN whose check digits are right';

-- ---------------------------------------------------------------- where

CREATE TABLE public.address (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    street       varchar(120) NOT NULL CONSTRAINT address_street_filled CHECK (btrim(street) <> ''),
    house_number varchar(20),
    postcode     varchar(12) NOT NULL CONSTRAINT address_postcode_shape CHECK (postcode ~ '^[0-9A-Z][0-9A-Z -]{1,10}$'),
    city         varchar(80) NOT NULL CONSTRAINT address_city_filled CHECK (btrim(city) <> ''),
    country      char(2) NOT NULL DEFAULT 'DE' CONSTRAINT address_country_shape CHECK (country ~ '^[A-Z]{2}$'),
    latitude     numeric(8, 6) CONSTRAINT address_latitude_range CHECK (latitude BETWEEN -90 AND 90),
    longitude    numeric(9, 6) CONSTRAINT address_longitude_range CHECK (longitude BETWEEN -180 AND 180),
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT address_place_complete CHECK ((latitude IS NULL) = (longitude IS NULL))
);
CREATE INDEX address_search ON public.address USING gin
    (bluebook.plain(street) public.gin_trgm_ops, bluebook.plain(city) public.gin_trgm_ops);
COMMENT ON TABLE  public.address IS 'Places where customers live, are supplied or receive bills';
COMMENT ON COLUMN public.address.street IS 'Without the number';
COMMENT ON COLUMN public.address.house_number IS 'As on the door: 12, 12a, 12/3';
COMMENT ON COLUMN public.address.postcode IS 'Capital letters and digits, as the country''s post writes it';
COMMENT ON COLUMN public.address.city IS 'Town or city';
COMMENT ON COLUMN public.address.country IS 'Two letters: DE, AT, FR, …';
COMMENT ON COLUMN public.address.latitude IS 'Degrees north, WGS 84';
COMMENT ON COLUMN public.address.longitude IS 'Degrees east, WGS 84';
COMMENT ON COLUMN public.address.created_at IS 'When the address was entered';
COMMENT ON COLUMN public.address.updated_at IS 'When the address was last changed';
COMMENT ON CONSTRAINT address_street_filled ON public.address IS 'Enter a street; blanks alone are not one.';
COMMENT ON CONSTRAINT address_postcode_shape ON public.address IS 'Write the postcode with capital letters and digits, such as 10115 or SW1A 1AA.';
COMMENT ON CONSTRAINT address_city_filled ON public.address IS 'Enter a town; blanks alone are not one.';
COMMENT ON CONSTRAINT address_country_shape ON public.address IS 'Write the country as two capital letters, such as DE.';
COMMENT ON CONSTRAINT address_latitude_range ON public.address IS 'A latitude lies between -90 and 90 degrees.';
COMMENT ON CONSTRAINT address_longitude_range ON public.address IS 'A longitude lies between -180 and 180 degrees.';
COMMENT ON CONSTRAINT address_place_complete ON public.address IS 'Give latitude and longitude together, or neither.';

-- ---------------------------------------------------------------- who to talk to

CREATE TABLE public.contact (
    id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    given_name         varchar(80) NOT NULL CONSTRAINT contact_given_name_filled CHECK (btrim(given_name) <> ''),
    family_name        varchar(80) NOT NULL CONSTRAINT contact_family_name_filled CHECK (btrim(family_name) <> ''),
    email              varchar(254) CONSTRAINT contact_email_shape CHECK (email ~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:].]{2,}$'),
    phone              varchar(30) CONSTRAINT contact_phone_shape CHECK (phone ~ '^\+[0-9][0-9 ]{5,28}$'),
    preferred_language char(2) NOT NULL DEFAULT 'en' CONSTRAINT contact_language_shape CHECK (preferred_language ~ '^[a-z]{2}$'),
    born_on            date CONSTRAINT contact_born_on_plausible CHECK (born_on >= DATE '1900-01-01'),
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT contact_reachable CHECK (email IS NOT NULL OR phone IS NOT NULL)
);
CREATE UNIQUE INDEX contact_email_once ON public.contact (lower(email));
CREATE INDEX contact_search ON public.contact USING gin
    (bluebook.plain(family_name) public.gin_trgm_ops, bluebook.plain(given_name) public.gin_trgm_ops,
     bluebook.plain(email) public.gin_trgm_ops);
COMMENT ON TABLE  public.contact IS 'People whom we talk to about a customer';
COMMENT ON COLUMN public.contact.given_name IS 'First name, or several';
COMMENT ON COLUMN public.contact.family_name IS 'Surname';
COMMENT ON COLUMN public.contact.email IS 'Where letters go that need no paper';
COMMENT ON COLUMN public.contact.phone IS 'With the country''s code: +49 30 1234567';
COMMENT ON COLUMN public.contact.preferred_language IS 'Two small letters: en, de, fr, …';
COMMENT ON COLUMN public.contact.born_on IS 'Date of birth, if the person gave it';
COMMENT ON COLUMN public.contact.created_at IS 'When the contact was entered';
COMMENT ON COLUMN public.contact.updated_at IS 'When the contact was last changed';
COMMENT ON CONSTRAINT contact_given_name_filled ON public.contact IS 'Enter a first name; blanks alone are not one.';
COMMENT ON CONSTRAINT contact_family_name_filled ON public.contact IS 'Enter a surname; blanks alone are not one.';
COMMENT ON CONSTRAINT contact_email_shape ON public.contact IS 'This is no e-mail address: write it as name@example.org.';
COMMENT ON CONSTRAINT contact_phone_shape ON public.contact IS 'Start with + and the country''s code, then digits and blanks only.';
COMMENT ON CONSTRAINT contact_language_shape ON public.contact IS 'Write the language as two small letters, such as en.';
COMMENT ON CONSTRAINT contact_born_on_plausible ON public.contact IS 'A date of birth before 1900 is not believable.';
COMMENT ON CONSTRAINT contact_reachable ON public.contact IS 'Give an e-mail address or a phone number, or both.';
COMMENT ON INDEX public.contact_email_once IS 'Another contact has this e-mail address already.';

-- ---------------------------------------------------------------- where it is registered

CREATE TABLE public.registry (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    register      varchar(60) NOT NULL CONSTRAINT registry_register_filled CHECK (btrim(register) <> ''),
    entry_number  varchar(30) NOT NULL CONSTRAINT registry_entry_number_filled CHECK (btrim(entry_number) <> ''),
    country       char(2) NOT NULL DEFAULT 'DE' CONSTRAINT registry_country_shape CHECK (country ~ '^[A-Z]{2}$'),
    registered_on date NOT NULL,
    struck_off_on date,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT registry_entry_once UNIQUE (register, entry_number),
    CONSTRAINT registry_dates_in_order CHECK (struck_off_on >= registered_on)
);
COMMENT ON TABLE  public.registry IS 'Entries of customers in public registers';
COMMENT ON COLUMN public.registry.register IS 'Who keeps the register, such as Amtsgericht Charlottenburg HRB';
COMMENT ON COLUMN public.registry.entry_number IS 'As the register writes it';
COMMENT ON COLUMN public.registry.country IS 'Two letters: DE, AT, FR, …';
COMMENT ON COLUMN public.registry.registered_on IS 'Date of the entry';
COMMENT ON COLUMN public.registry.struck_off_on IS 'Date on which the entry was deleted, if it was';
COMMENT ON COLUMN public.registry.created_at IS 'When the entry was copied here';
COMMENT ON COLUMN public.registry.updated_at IS 'When this copy was last changed';
COMMENT ON CONSTRAINT registry_register_filled ON public.registry IS 'Name the register; blanks alone are no name.';
COMMENT ON CONSTRAINT registry_entry_number_filled ON public.registry IS 'Enter the number; blanks alone are not one.';
COMMENT ON CONSTRAINT registry_country_shape ON public.registry IS 'Write the country as two capital letters, such as DE.';
COMMENT ON CONSTRAINT registry_entry_once ON public.registry IS 'This register has an entry of that number here already.';
COMMENT ON CONSTRAINT registry_dates_in_order ON public.registry IS 'An entry cannot be struck off before it was made.';

-- ---------------------------------------------------------------- who

CREATE TABLE public.customer (
    id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_number    varchar(8) NOT NULL CONSTRAINT customer_number_once UNIQUE
                       CONSTRAINT customer_number_shape CHECK (customer_number ~ '^C-[0-9]{6}$'),
    kind               public.customer_kind NOT NULL DEFAULT 'household',
    status             public.customer_status NOT NULL DEFAULT 'prospect',
    legal_name         varchar(160) NOT NULL CONSTRAINT customer_legal_name_filled CHECK (btrim(legal_name) <> ''),
    trading_name       varchar(160) CONSTRAINT customer_trading_name_filled CHECK (btrim(trading_name) <> ''),
    display_name       text GENERATED ALWAYS AS (coalesce(trading_name, legal_name)) STORED,
    vat_number         varchar(14) CONSTRAINT customer_vat_number_shape CHECK (vat_number ~ '^[A-Z]{2}[0-9A-Z]{8,12}$'),
    parent_customer_id bigint REFERENCES public.customer CONSTRAINT customer_not_its_own_parent CHECK (parent_customer_id <> id),
    address_id         bigint NOT NULL REFERENCES public.address,
    billing_address_id bigint REFERENCES public.address,
    contact_id         bigint REFERENCES public.contact,
    registry_id        bigint CONSTRAINT customer_registry_once UNIQUE REFERENCES public.registry,
    customer_since     date NOT NULL DEFAULT current_date,
    closed_on          date,
    credit_limit       numeric(12, 2) CONSTRAINT customer_credit_limit_positive CHECK (credit_limit >= 0),
    marketing_consent  boolean,
    tags               text[] NOT NULL DEFAULT '{}',
    preferences        jsonb CONSTRAINT customer_preferences_object CHECK (jsonb_typeof(preferences) = 'object'),
    notes              text,
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT customer_dates_in_order CHECK (closed_on >= customer_since),
    CONSTRAINT customer_closed_has_date CHECK ((status = 'closed') = (closed_on IS NOT NULL))
);
CREATE INDEX customer_search ON public.customer USING gin
    (bluebook.plain(customer_number) public.gin_trgm_ops, bluebook.plain(legal_name) public.gin_trgm_ops,
     bluebook.plain(trading_name) public.gin_trgm_ops);
CREATE INDEX customer_by_legal_name ON public.customer (legal_name, id);
CREATE INDEX customer_by_parent ON public.customer (parent_customer_id);
CREATE INDEX customer_by_address ON public.customer (address_id);
CREATE INDEX customer_by_billing_address ON public.customer (billing_address_id);
CREATE INDEX customer_by_contact ON public.customer (contact_id);
COMMENT ON TABLE  public.customer IS 'Households, businesses and public bodies that we supply or wish to supply';
COMMENT ON COLUMN public.customer.customer_number IS 'C- and six digits; printed on every bill';
COMMENT ON COLUMN public.customer.kind IS 'Who buys';
COMMENT ON COLUMN public.customer.status IS 'Where the customer stands with us';
COMMENT ON COLUMN public.customer.legal_name IS 'As on the contract';
COMMENT ON COLUMN public.customer.trading_name IS 'The name on the door, if it is another';
COMMENT ON COLUMN public.customer.display_name IS 'Trading name, or else legal name';
COMMENT ON COLUMN public.customer.vat_number IS 'With the country''s letters: DE123456789';
COMMENT ON COLUMN public.customer.parent_customer_id IS 'The customer that this one belongs to and is billed with';
COMMENT ON COLUMN public.customer.address_id IS 'Where the customer is';
COMMENT ON COLUMN public.customer.billing_address_id IS 'Where bills go, if elsewhere';
COMMENT ON COLUMN public.customer.contact_id IS 'Whom to call first';
COMMENT ON COLUMN public.customer.registry_id IS 'The entry in a public register';
COMMENT ON COLUMN public.customer.customer_since IS 'First day of the first contract';
COMMENT ON COLUMN public.customer.closed_on IS 'Last day, for closed customers only';
COMMENT ON COLUMN public.customer.credit_limit IS 'In euros; empty for none agreed';
COMMENT ON COLUMN public.customer.marketing_consent IS 'Empty means that nobody has asked yet';
COMMENT ON COLUMN public.customer.tags IS 'Words for finding customers again, in braces: {solar,"key account"}';
COMMENT ON COLUMN public.customer.preferences IS 'How the customer wishes to be served, as a JSON object';
COMMENT ON COLUMN public.customer.notes IS 'Anything that the next colleague should know';
COMMENT ON COLUMN public.customer.created_at IS 'When the customer was entered';
COMMENT ON COLUMN public.customer.updated_at IS 'When the customer was last changed';
COMMENT ON CONSTRAINT customer_number_once ON public.customer IS 'Another customer has this number already.';
COMMENT ON CONSTRAINT customer_number_shape ON public.customer IS 'A customer number is C- and six digits, such as C-004711.';
COMMENT ON CONSTRAINT customer_legal_name_filled ON public.customer IS 'Enter the legal name; blanks alone are no name.';
COMMENT ON CONSTRAINT customer_trading_name_filled ON public.customer IS 'Enter a trading name or leave the field empty; blanks alone are no name.';
COMMENT ON CONSTRAINT customer_vat_number_shape ON public.customer IS 'Start with the country''s two letters, then 8 to 12 digits or letters, without blanks.';
COMMENT ON CONSTRAINT customer_not_its_own_parent ON public.customer IS 'A customer cannot belong to itself.';
COMMENT ON CONSTRAINT customer_registry_once ON public.customer IS 'Another customer has this register entry already.';
COMMENT ON CONSTRAINT customer_credit_limit_positive ON public.customer IS 'A credit limit cannot be below zero.';
COMMENT ON CONSTRAINT customer_preferences_object ON public.customer IS 'Write preferences as a JSON object: {"paper": false}.';
COMMENT ON CONSTRAINT customer_dates_in_order ON public.customer IS 'A customer cannot be closed before the first day.';
COMMENT ON CONSTRAINT customer_closed_has_date ON public.customer IS 'A closed customer needs a last day, and only a closed one has it.';

-- ---------------------------------------------------------------- what is supplied

CREATE TABLE public.customer_meter_detail (
    customer_id   bigint NOT NULL REFERENCES public.customer,
    meter_number  varchar(33) NOT NULL CONSTRAINT customer_meter_detail_number_shape CHECK (meter_number ~ '^[0-9A-Z]{8,33}$'),
    commodity     public.commodity NOT NULL,
    supplied      daterange NOT NULL CONSTRAINT customer_meter_detail_supplied_filled
                  CHECK (NOT isempty(supplied) AND NOT lower_inf(supplied)),
    address_id    bigint NOT NULL REFERENCES public.address,
    annual_use    numeric(14, 3) CONSTRAINT customer_meter_detail_annual_use_positive CHECK (annual_use >= 0),
    smart         boolean NOT NULL DEFAULT false,
    read_at       timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (customer_id, meter_number),
    CONSTRAINT customer_meter_detail_one_supplier EXCLUDE USING gist (meter_number WITH =, supplied WITH &&)
);
CREATE INDEX customer_meter_detail_by_address ON public.customer_meter_detail (address_id);
CREATE INDEX customer_meter_detail_search ON public.customer_meter_detail USING gin
    (bluebook.plain(meter_number) public.gin_trgm_ops);
COMMENT ON TABLE  public.customer_meter_detail IS 'Meters through which a customer is supplied, and since when';
COMMENT ON COLUMN public.customer_meter_detail.customer_id IS 'Who is supplied';
COMMENT ON COLUMN public.customer_meter_detail.meter_number IS 'As on the meter, capital letters and digits';
COMMENT ON COLUMN public.customer_meter_detail.commodity IS 'What the meter counts';
COMMENT ON COLUMN public.customer_meter_detail.supplied IS 'First day to the day after the last: [2024-04-01,2025-04-01), or [2024-04-01,) while it lasts';
COMMENT ON COLUMN public.customer_meter_detail.address_id IS 'Where the meter hangs';
COMMENT ON COLUMN public.customer_meter_detail.annual_use IS 'Expected use a year, in kWh (water: m³)';
COMMENT ON COLUMN public.customer_meter_detail.smart IS 'Whether the meter sends its readings by itself';
COMMENT ON COLUMN public.customer_meter_detail.read_at IS 'Moment of the last reading';
COMMENT ON COLUMN public.customer_meter_detail.created_at IS 'When the meter was entered';
COMMENT ON COLUMN public.customer_meter_detail.updated_at IS 'When the entry was last changed';
COMMENT ON CONSTRAINT customer_meter_detail_pkey ON public.customer_meter_detail IS 'This customer has that meter already.';
COMMENT ON CONSTRAINT customer_meter_detail_number_shape ON public.customer_meter_detail IS 'A meter number has 8 to 33 capital letters and digits, without blanks.';
COMMENT ON CONSTRAINT customer_meter_detail_supplied_filled ON public.customer_meter_detail IS 'Give the first day of supply: [2024-04-01,).';
COMMENT ON CONSTRAINT customer_meter_detail_annual_use_positive ON public.customer_meter_detail IS 'Expected use cannot be below zero.';
COMMENT ON CONSTRAINT customer_meter_detail_one_supplier ON public.customer_meter_detail IS 'A meter cannot be supplied to two customers at once.';

-- ---------------------------------------------------------------- how it is paid

CREATE TABLE public.customer_bank_detail (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id       bigint NOT NULL REFERENCES public.customer,
    account_holder    varchar(70) NOT NULL CONSTRAINT customer_bank_detail_holder_filled CHECK (btrim(account_holder) <> ''),
    iban              varchar(34) NOT NULL
                      CONSTRAINT customer_bank_detail_iban_shape CHECK (iban ~ '^[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}$')
                      CONSTRAINT customer_bank_detail_iban_digits CHECK (public.iban_remainder(iban) = 1),
    bic               varchar(11) CONSTRAINT customer_bank_detail_bic_shape CHECK (bic ~ '^[A-Z]{6}[0-9A-Z]{2}([0-9A-Z]{3})?$'),
    is_primary        boolean NOT NULL DEFAULT false,
    mandate_reference varchar(35),
    mandate_signed_on date,
    valid_from        date NOT NULL DEFAULT current_date,
    valid_until       date,
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT customer_bank_detail_dates_in_order CHECK (valid_until >= valid_from),
    CONSTRAINT customer_bank_detail_mandate_complete CHECK ((mandate_reference IS NULL) = (mandate_signed_on IS NULL)),
    CONSTRAINT customer_bank_detail_account_once UNIQUE (customer_id, iban)
);
CREATE UNIQUE INDEX customer_bank_detail_one_primary ON public.customer_bank_detail (customer_id) WHERE is_primary;
COMMENT ON TABLE  public.customer_bank_detail IS 'Accounts from which customers pay';
COMMENT ON COLUMN public.customer_bank_detail.customer_id IS 'Whose account it is';
COMMENT ON COLUMN public.customer_bank_detail.account_holder IS 'As the bank knows the holder';
COMMENT ON COLUMN public.customer_bank_detail.iban IS 'Without blanks';
COMMENT ON COLUMN public.customer_bank_detail.bic IS 'Eight or eleven letters and digits; needed outside the euro area only';
COMMENT ON COLUMN public.customer_bank_detail.is_primary IS 'Bills are drawn from the primary account; a customer has one at most';
COMMENT ON COLUMN public.customer_bank_detail.mandate_reference IS 'Of the SEPA direct debit mandate';
COMMENT ON COLUMN public.customer_bank_detail.mandate_signed_on IS 'Date on the mandate';
COMMENT ON COLUMN public.customer_bank_detail.valid_from IS 'First day on which the account may be used';
COMMENT ON COLUMN public.customer_bank_detail.valid_until IS 'Last day; empty while it lasts';
COMMENT ON COLUMN public.customer_bank_detail.created_at IS 'When the account was entered';
COMMENT ON COLUMN public.customer_bank_detail.updated_at IS 'When the account was last changed';
COMMENT ON CONSTRAINT customer_bank_detail_holder_filled ON public.customer_bank_detail IS 'Enter the holder; blanks alone are no name.';
COMMENT ON CONSTRAINT customer_bank_detail_iban_shape ON public.customer_bank_detail IS 'An IBAN is two letters, two digits and up to 30 more, without blanks.';
COMMENT ON CONSTRAINT customer_bank_detail_iban_digits ON public.customer_bank_detail IS 'The IBAN''s check digits do not fit: look for a slip of the keys.';
COMMENT ON CONSTRAINT customer_bank_detail_bic_shape ON public.customer_bank_detail IS 'A BIC has 8 or 11 capital letters and digits.';
COMMENT ON CONSTRAINT customer_bank_detail_dates_in_order ON public.customer_bank_detail IS 'The last day cannot lie before the first.';
COMMENT ON CONSTRAINT customer_bank_detail_mandate_complete ON public.customer_bank_detail IS 'Give the mandate''s reference and its date together, or neither.';
COMMENT ON CONSTRAINT customer_bank_detail_account_once ON public.customer_bank_detail IS 'This customer has that account already.';
COMMENT ON INDEX public.customer_bank_detail_one_primary IS 'The customer has a primary account already: take the mark from that one first.';

-- ---------------------------------------------------------------- who changed it when

CREATE TRIGGER set_updated_at BEFORE UPDATE ON public.address FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();
CREATE TRIGGER set_updated_at BEFORE UPDATE ON public.contact FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();
CREATE TRIGGER set_updated_at BEFORE UPDATE ON public.registry FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();
CREATE TRIGGER set_updated_at BEFORE UPDATE ON public.customer FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();
CREATE TRIGGER set_updated_at BEFORE UPDATE ON public.customer_meter_detail
    FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();
CREATE TRIGGER set_updated_at BEFORE UPDATE ON public.customer_bank_detail
    FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();
