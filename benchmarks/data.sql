-- A company with {rows} customers, its fields and invoices; the same rows every time. MariaDB's sequences make them.
SET SESSION sql_mode = '', unique_checks = 0;
INSERT INTO tblclients (userid, company, vat, phonenumber, country, city, zip, state, address, website, datecreated,
                        active, leadid, billing_street, billing_city, billing_state, billing_zip, billing_country,
                        shipping_street, shipping_city, shipping_state, shipping_zip, shipping_country,
                        default_language, default_currency, addedfrom)
SELECT seq,
       CONCAT(ELT(1 + seq * 7919 % 12, 'Amber', 'Baltic', 'Cedar', 'Delta', 'Fjord', 'Granite', 'Ångström', 'Šumava',
                  'Łódź', 'Αθήνα', 'Zephyr', 'Yarrow'), ' ',
              ELT(1 + seq * 104729 % 8, 'Logistics', 'Foods', 'Textiles', 'Motors', 'Timber', 'Optics', 'Marine',
                  'Trading'), ' ', LPAD(seq, 6, '0'), ' ', ELT(1 + seq % 5, 'Ltd', 'GmbH', 'SA', 'Oy', 'srl')),
       1000000000 + seq * 7907, CONCAT('+', 1 + seq % 99, ' ', 100000000 + seq), 1 + seq % 249,
       ELT(1 + seq % 6, 'Athens', 'Tampere', 'Łódź', 'München', 'Lyon', 'Zürich'), 10000 + seq % 90000,
       CONCAT('Region ', 1 + seq % 20), CONCAT(1 + seq % 300, ' Cedar Street'), CONCAT('https://example', seq, '.test'),
       '2019-01-01' + INTERVAL seq HOUR, seq % 20 > 0, IF(seq % 3, NULL, 1 + seq % 9999),
       CONCAT(1 + seq % 300, ' Cedar Street'), 'Athens', '', 10000 + seq % 90000, 1 + seq % 249,
       '', '', '', '', 0, ELT(1 + seq % 3, 'english', 'german', ''), seq % 4, seq % 20
FROM seq_1_to_{rows};
INSERT INTO tblcustomfields (id, fieldto, name, slug, type, options)
SELECT seq, 'customers', ELT(seq, 'Tier', 'Note', 'Since'), ELT(seq, 'customers_tier', 'customers_note',
       'customers_since'), ELT(seq, 'select', 'input', 'date_picker'), IF(seq = 1, 'gold,silver,bronze,none', '')
FROM seq_1_to_3 WHERE {fields};
INSERT INTO tblcustomfieldsvalues (relid, fieldid, fieldto, value)
SELECT userid, field.id, 'customers', CASE field.id WHEN 1 THEN ELT(1 + userid % 4, 'gold', 'silver', 'bronze', 'none')
       WHEN 2 THEN CONCAT('note ', userid) ELSE DATE(datecreated) END
FROM tblclients CROSS JOIN tblcustomfields AS field;
INSERT INTO tblinvoices (id, clientid, number, prefix, number_format, formatted_number, datecreated, date, duedate,
                         currency, subtotal, total_tax, total, hash, status, discount_type, include_shipping)
SELECT seq, seq, seq, 'INV-', 1, CONCAT('INV-', LPAD(seq, 6, '0')), '2024-01-01' + INTERVAL seq MINUTE,
       '2024-01-01' + INTERVAL seq MINUTE, '2024-02-01' + INTERVAL seq MINUTE, 1, 60, 0, 60, MD5(seq),
       1 + seq % 4, '', 0
FROM seq_1_to_{invoices};
INSERT INTO tblitemable (rel_id, rel_type, description, long_description, qty, rate, unit, item_order)
SELECT invoice.id, 'invoice', CONCAT('Line ', line.seq), '', line.seq, 10, '', line.seq
FROM tblinvoices AS invoice CROSS JOIN seq_1_to_3 AS line;
ANALYZE TABLE tblclients, tblcustomfieldsvalues, tblinvoices, tblitemable;
