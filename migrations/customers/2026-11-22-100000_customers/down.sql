-- The extensions go too, unless something else has come to need them: then the database refuses, and says what.
DROP TABLE public.customer_bank_detail, public.customer_meter_detail, public.customer, public.registry,
    public.contact, public.address;
DROP FUNCTION public.iban_remainder(text), public.set_updated_at();
DROP TYPE public.commodity, public.customer_kind, public.customer_status;
DROP EXTENSION pg_trgm, btree_gist;
