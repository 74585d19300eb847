-- Three hundred invented customers with their addresses, contacts, register entries, meters and accounts: the same ones
-- each time. Names are drawn from lists, mail goes to example.org, accounts lie at banks that do not exist.
-- Does nothing where there are customers already.

CREATE TEMPORARY TABLE demo_country ON COMMIT DROP AS
SELECT * FROM (VALUES
    (0, 'DE', 'de', '+49 30 ', ARRAY['Berlin', 'Hamburg', 'Leipzig', 'Köln', 'Freiburg im Breisgau', 'Görlitz'],
        ARRAY['10115', '20095', '04109', '50667', '79098', '02826'],
        ARRAY['Lindenstraße', 'Am Alten Markt', 'Goethestraße', 'Bahnhofstraße', 'Mühlenweg'],
        ARRAY['Anja', 'Jürgen', 'Käthe', 'Uwe', 'Sabine'], ARRAY['Weber', 'Krüger', 'Schäfer', 'Böhm', 'Lehmann'],
        'GmbH', 'Amtsgericht Charlottenburg HRB', 18),
    (1, 'AT', 'de', '+43 1 ', ARRAY['Wien', 'Graz', 'Linz', 'Salzburg'], ARRAY['1010', '8010', '4020', '5020'],
        ARRAY['Ringstraße', 'Kirchengasse', 'Am Anger', 'Donaulände'],
        ARRAY['Leopold', 'Resi', 'Florian', 'Magdalena'], ARRAY['Gruber', 'Hörmann', 'Pichler', 'Wallner'],
        'GesmbH', 'Firmenbuch Wien', 16),
    (2, 'FR', 'fr', '+33 1 ', ARRAY['Paris', 'Lyon', 'Nîmes', 'Saint-Étienne'], ARRAY['75001', '69002', '30000', '42000'],
        ARRAY['rue de la République', 'avenue Foch', 'place du Marché', 'chemin des Prés'],
        ARRAY['Élodie', 'Benoît', 'Maëlle', 'Gaston'], ARRAY['Lefèvre', 'Dubois', 'Châtelain', 'Moreau'],
        'SARL', 'RCS Paris', 23),
    (3, 'NL', 'nl', '+31 20 ', ARRAY['Amsterdam', 'Utrecht', 'Zwolle', 'Maastricht'],
        ARRAY['1012 AB', '3511 CD', '8011 EF', '6211 GH'],
        ARRAY['Keizersgracht', 'Oudegracht', 'Dorpsstraat', 'Molenweg'],
        ARRAY['Sanne', 'Joost', 'Fenna', 'Bram'], ARRAY['de Vries', 'Jansen', 'van den Berg', 'Bakker'],
        'B.V.', 'KvK', 14),
    (4, 'DK', 'da', '+45 33 ', ARRAY['København', 'Aarhus', 'Odense', 'Sønderborg'], ARRAY['1050', '8000', '5000', '6400'],
        ARRAY['Nørregade', 'Strandvejen', 'Møllevej', 'Kirkestræde'],
        ARRAY['Søren', 'Åse', 'Freja', 'Mikkel'], ARRAY['Jørgensen', 'Møller', 'Holm', 'Østergaard'],
        'ApS', 'CVR', 14)
) AS country (place, code, language, dialling, cities, postcodes, streets, given_names, family_names, company_form,
    register, account_digits);

CREATE TEMPORARY TABLE demo_customer ON COMMIT DROP AS
SELECT n, c.*,
    (ARRAY['household', 'household', 'business', 'household', 'business', 'public_body'])[1 + n % 6] AS kind,
    given_names[1 + (n / 5) % cardinality(given_names)] AS given_name,
    family_names[1 + (n / 3) % cardinality(family_names)] AS family_name,
    cities[1 + (n / 7) % cardinality(cities)] AS city,
    postcodes[1 + (n / 7) % cardinality(cities)] AS postcode,
    DATE '2012-01-01' + (n * 37) % 5000 AS since,
    CASE WHEN n % 41 = 0 THEN 'closed' WHEN n % 17 = 0 THEN 'dormant' WHEN n % 11 = 0 THEN 'prospect' ELSE 'active' END AS status
FROM generate_series(1, 300) AS n
JOIN demo_country c ON c.place = CASE WHEN n % 9 < 5 THEN 0 ELSE n % 9 - 4 END
WHERE NOT EXISTS (SELECT FROM public.customer);

-- Address n is customer n's; address 300 + k is where every tenth customer's bills go.
INSERT INTO public.address (id, street, house_number, postcode, city, country, latitude, longitude)
OVERRIDING SYSTEM VALUE
SELECT n, streets[1 + n % cardinality(streets)],
    CASE WHEN n % 29 <> 0 THEN (1 + (n * 13) % 140)::text || CASE WHEN n % 8 = 0 THEN 'a' ELSE '' END END,
    postcode, city, code,
    CASE WHEN n % 4 = 0 THEN 47 + (n * 31 % 900) / 100.0 END, CASE WHEN n % 4 = 0 THEN 6 + (n * 17 % 800) / 100.0 END
FROM demo_customer
UNION ALL
SELECT 300 + n / 10, 'Postfach', (1000 + n * 7)::text, postcode, city, code, NULL, NULL
FROM demo_customer WHERE n % 10 = 0;

INSERT INTO public.contact (id, given_name, family_name, email, phone, preferred_language, born_on)
OVERRIDING SYSTEM VALUE
SELECT n, given_name, family_name,
    CASE WHEN n % 13 <> 0 THEN 'contact.' || n || '@example.org' END,
    CASE WHEN n % 13 = 0 OR n % 3 = 0 THEN dialling || (5550000 + n * 37)::text END,
    language,
    CASE WHEN kind = 'household' AND n % 5 <> 0 THEN DATE '1944-02-29' + (n * 83) % 20000 END
FROM demo_customer WHERE n % 19 <> 0;

INSERT INTO public.registry (id, register, entry_number, country, registered_on)
OVERRIDING SYSTEM VALUE
SELECT n, register, CASE code WHEN 'DE' THEN 'HRB ' ELSE '' END || (90000000 + n * 7919) % 1000000, code, since - 200
FROM demo_customer WHERE kind = 'business';

INSERT INTO public.customer (id, customer_number, kind, status, legal_name, trading_name, vat_number, parent_customer_id,
    address_id, billing_address_id, contact_id, registry_id, customer_since, closed_on, credit_limit, marketing_consent,
    tags, preferences, notes, created_at, updated_at)
OVERRIDING SYSTEM VALUE
SELECT n, 'C-' || lpad((1000 + n * 3)::text, 6, '0'), kind::public.customer_kind, status::public.customer_status,
    CASE kind WHEN 'household' THEN given_name || ' ' || family_name
        WHEN 'business' THEN family_name || ' ' || (ARRAY['Bäckerei', 'Holding', 'Logistik', 'Solar', 'Café', 'Druck'])[1 + n / 6 % 6] || ' ' || company_form
        ELSE (ARRAY['Stadtwerke ', 'Gymnasium ', 'Schwimmbad '])[1 + n / 6 % 3] || city END,
    CASE WHEN kind = 'business' AND n % 5 = 0 THEN 'Zum goldenen ' || (ARRAY['Anker', 'Hirsch', 'Löwen'])[1 + n % 3] END,
    CASE WHEN kind = 'business' THEN code || (100000000 + n * 98765) END,
    CASE WHEN kind = 'business' AND n > 100 AND n % 4 = 0 THEN 2 + (n / 24) * 6 END,
    n, CASE WHEN n % 10 = 0 THEN 300 + n / 10 END,
    CASE WHEN n % 19 <> 0 THEN n END,
    CASE WHEN kind = 'business' THEN n END,
    since, CASE WHEN status = 'closed' THEN since + 900 END,
    CASE WHEN kind <> 'household' THEN (n * 250)::numeric END,
    (ARRAY[true, false, NULL])[1 + n % 3],
    CASE WHEN n % 12 = 0 THEN ARRAY['key account', 'solar'] WHEN n % 7 = 0 THEN ARRAY['solar'] ELSE '{}' END,
    CASE WHEN n % 6 = 1 THEN jsonb_build_object('paper', n % 4 = 1, 'language', language) END,
    CASE WHEN n % 15 = 0 THEN E'Asked for a yearly bill.\nCall in the morning only.' END,
    since + time '09:00' AT TIME ZONE 'UTC', since + time '09:00' AT TIME ZONE 'UTC'
FROM demo_customer ORDER BY n;

INSERT INTO public.customer_meter_detail (customer_id, meter_number, commodity, supplied, address_id, annual_use, smart, read_at)
SELECT n, code || lpad((n * 104729 + k * 7)::text, 11, '0'),
    (ARRAY['electricity', 'gas', 'heat'])[1 + k]::public.commodity,
    daterange(since, CASE WHEN status = 'closed' THEN since + 901 END), n,
    round((1500 + (n * 173 + k * 911) % 9000 * CASE kind WHEN 'household' THEN 1 ELSE 12 END)::numeric, 3),
    (n + k) % 3 = 0,
    CASE WHEN n % 6 <> 5 THEN TIMESTAMPTZ '2026-10-25 00:30:00.123456+00' + make_interval(hours => n % 3) END
FROM demo_customer, generate_series(0, CASE WHEN n % 3 = 0 THEN 1 ELSE 0 END) AS k
WHERE status <> 'prospect';

-- Bank codes that begin with four noughts are given to nobody; the check digits are right all the same.
INSERT INTO public.customer_bank_detail (customer_id, account_holder, iban, bic, is_primary, mandate_reference,
    mandate_signed_on, valid_from)
SELECT n, left(owner.legal_name, 70),
    code || lpad((98 - public.iban_remainder(code || '00' || account))::text, 2, '0') || account,
    CASE WHEN n % 4 = 0 THEN 'TEST' || code || '99XXX' END, k = 0,
    CASE WHEN n % 2 = 0 THEN 'M-' || lpad((n * 10 + k)::text, 8, '0') END,
    CASE WHEN n % 2 = 0 THEN since + 3 END, since
FROM demo_customer
JOIN public.customer owner ON owner.id = n
CROSS JOIN generate_series(0, CASE WHEN n % 7 = 0 THEN 1 ELSE 0 END) AS k
CROSS JOIN LATERAL (SELECT CASE code WHEN 'NL' THEN 'TEST' || lpad((n * 10 + k)::text, 10, '0')
    ELSE lpad((n * 9176 + k)::text, account_digits, '0') END AS account) AS made
WHERE demo_customer.status <> 'prospect';

-- Identities go on after the rows given here.
SELECT setval(pg_get_serial_sequence('public.' || name, 'id'), 1000)
FROM unnest(ARRAY['address', 'contact', 'registry', 'customer']) AS name
WHERE EXISTS (SELECT FROM demo_customer);
