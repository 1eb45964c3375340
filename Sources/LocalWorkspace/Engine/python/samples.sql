-- The `samples` catalog: small tables for a newcomer's first queries. All values are made here, from the row's number, so they are the same on every
-- machine. Statements end with a semicolon at the end of a line.

CREATE SCHEMA samples.nyctaxi COMMENT 'Invented taxi trips in the shape of the New York records';

CREATE TABLE samples.nyctaxi.trips COMMENT '5,000 invented taxi trips, January and February 2016' AS
SELECT
    pickup AS tpep_pickup_datetime,
    pickup + make_dt_interval(0, 0, CAST(2 + distance * (3 + n % 3) AS INT), CAST(n % 60 AS DECIMAL(18, 6))) AS tpep_dropoff_datetime,
    distance AS trip_distance,
    CAST(2.5 + ceil(distance * 5) * 0.5 AS DOUBLE) AS fare_amount,
    CAST(10000 + pmod(hash(n, 'from'), 40) AS INT) AS pickup_zip,
    CAST(10000 + pmod(hash(n, 'to'), 40) AS INT) AS dropoff_zip
FROM (
    SELECT
        n,
        timestamp_seconds(1451606400 + n * 1036 + pmod(hash(n, 'second'), 1000)) AS pickup,
        round(0.3 + pow(pmod(hash(n, 'miles'), 1000) / 1000.0, 3) * 18, 2) AS distance
    FROM (SELECT CAST(id AS INT) AS n FROM range(0, 5000, 1, 1))
);

CREATE SCHEMA samples.bakehouse COMMENT 'An invented chain of bakeries: customers, shops, sales';

CREATE TABLE samples.bakehouse.customers (
    customer_id BIGINT COMMENT 'key',
    name STRING COMMENT 'as its owner writes it',
    city STRING,
    country STRING,
    birth_date DATE COMMENT 'unknown for some',
    joined_at TIMESTAMP,
    credit DECIMAL(10, 2),
    newsletter BOOLEAN,
    emails ARRAY<STRING>,
    preferences MAP<STRING, STRING>
) COMMENT '24 customers from all over the world';

INSERT INTO samples.bakehouse.customers SELECT /*+ COALESCE(1) */ * FROM VALUES
    (1, 'Ada Byron', 'London', 'United Kingdom', DATE'1985-12-10', TIMESTAMP'2024-01-03 09:15:00', 120.50, true, array('ada@example.com'), map('bread', 'rye')),
    (2, '山田 花子', '東京', '日本', DATE'1990-04-01', TIMESTAMP'2024-01-05 01:30:00', 0.00, true, array('hanako@example.jp', 'yamada@example.jp'), map('パン', 'メロンパン')),
    (3, '王小明', '上海', '中国', DATE'1978-08-08', TIMESTAMP'2024-01-09 03:00:00', 88.88, false, array('xm@example.cn'), map('茶', '龙井')),
    (4, '김민준', '서울', '대한민국', DATE'1999-09-19', TIMESTAMP'2024-01-12 04:45:10', 15.00, true, array('minjun@example.kr'), map()),
    (5, 'محمد علي', 'القاهرة', 'مصر', DATE'1981-02-28', TIMESTAMP'2024-01-15 12:00:00', 42.10, false, array(), map('خبز', 'بلدي')),
    (6, 'שרה לוי', 'תל אביב', 'ישראל', DATE'1995-05-14', TIMESTAMP'2024-01-18 07:20:00', 7.25, true, array('sara@example.il'), map('לחם', 'חלה')),
    (7, 'Αλεξάνδρα Παππά', 'Αθήνα', 'Ελλάδα', NULL, TIMESTAMP'2024-01-20 18:05:00', 33.00, true, array('alex@example.gr'), map()),
    (8, 'Мария Иванова', 'Пловдив', 'България', DATE'1988-03-03', TIMESTAMP'2024-01-22 10:10:10', 5.55, false, array('maria@example.bg'), map('хляб', 'бял')),
    (9, 'अनिका शर्मा', 'मुंबई', 'भारत', DATE'2001-01-26', TIMESTAMP'2024-01-26 05:30:00', 64.00, true, array('anika@example.in'), map('रोटी', 'तंदूरी')),
    (10, 'สมชาย ใจดี', 'กรุงเทพฯ', 'ประเทศไทย', DATE'1975-07-28', TIMESTAMP'2024-02-01 02:00:00', 12.34, true, array('somchai@example.th'), NULL),
    (11, 'Zoë Müller-Weiß', 'Zürich', 'Schweiz', DATE'1992-08-01', TIMESTAMP'2024-02-02 08:08:08', 210.00, false, array('zoe@example.ch'), map('brot', 'zopf')),
    (12, 'François Lefèvre', 'Besançon', 'France', DATE'1969-07-14', TIMESTAMP'2024-02-04 06:45:00', 18.90, true, array('francois@example.fr'), map('pain', 'baguette')),
    (13, 'José Núñez', 'A Coruña', 'España', DATE'1983-10-12', TIMESTAMP'2024-02-06 21:30:00', 0.01, true, array('jose@example.es'), map()),
    (14, 'Jose\u0301 Nun\u0303ez', 'A Coruña', 'España', DATE'1983-10-12', TIMESTAMP'2024-02-06 21:31:00', 0.02, NULL, array('jose@example.es'), map('note', 'the name above, written with combining marks')),
    (15, 'Nguyễn Thị Hương', 'Hà Nội', 'Việt Nam', DATE'1997-09-02', TIMESTAMP'2024-02-08 02:22:22', 25.75, true, array('huong@example.vn'), map('bánh', 'mì')),
    (16, 'Łukasz Żółć', 'Łódź', 'Polska', DATE'1986-11-11', TIMESTAMP'2024-02-10 11:11:11', 99.99, false, array('lukasz@example.pl'), map('chleb', 'żytni')),
    (17, 'Þóra Ægisdóttir', 'Ísafjörður', 'Ísland', DATE'1979-06-17', TIMESTAMP'2024-02-12 15:00:00', 61.20, true, array('thora@example.is'), map('brauð', 'rúgbrauð')),
    (18, 'Ngozi Okonkwọ', 'Lagos', 'Nigeria', DATE'1994-10-01', TIMESTAMP'2024-02-14 13:13:13', 74.40, true, array('ngozi@example.ng'), map('bread', 'agege')),
    (19, 'Keanu Kaʻahumanu', 'Honolulu', 'United States', DATE'1991-08-21', TIMESTAMP'2024-02-15 20:20:20', 3.30, false, array(), map()),
    (20, 'Robin 🥐 Baker', 'Springfield', 'United States', DATE'2000-02-29', TIMESTAMP'2024-02-16 16:16:16', -12.00, true, array('robin@example.com'), map('mood', '👩🏽‍🍳')),
    (21, 'Σωκράτης', 'Πειραιάς', 'Ελλάδα', NULL, TIMESTAMP'2024-02-18 04:04:04', NULL, NULL, NULL, NULL),
    (22, 'O''Brien, "Pat"', 'Cork', 'Éire', DATE'1984-03-17', TIMESTAMP'2024-02-19 09:09:09', 17.17, true, array('pat@example.ie'), map('bread', 'soda')),
    (23, 'தமிழரசி', 'சென்னை', 'இந்தியா', DATE'1996-01-15', TIMESTAMP'2024-02-20 05:05:05', 48.00, true, array('tamil@example.in'), map('ரொட்டி', 'பரோட்டா')),
    (24, 'ანა ბერიძე', 'თბილისი', 'საქართველო', DATE'1989-05-26', TIMESTAMP'2024-02-21 06:30:00', 29.50, false, array('ana@example.ge'), map('პური', 'შოთი'));

CREATE TABLE samples.bakehouse.shops (
    shop_id BIGINT,
    name STRING,
    place STRUCT<city: STRING, country: STRING, latitude: DOUBLE, longitude: DOUBLE>,
    opened DATE,
    hours ARRAY<STRUCT<day: STRING, opens: STRING, closes: STRING>>,
    ratings MAP<STRING, DOUBLE>
) COMMENT '6 bakeries';

INSERT INTO samples.bakehouse.shops SELECT /*+ COALESCE(1) */ * FROM VALUES
    (1, 'Golden Crumb', named_struct('city', 'London', 'country', 'United Kingdom', 'latitude', 51.507D, 'longitude', -0.128D), DATE'2019-03-01',
     array(named_struct('day', 'Mon-Fri', 'opens', '07:00', 'closes', '18:00'), named_struct('day', 'Sat', 'opens', '08:00', 'closes', '14:00')), map('bread', 4.5D, 'cake', 4.1D)),
    (2, 'パン工房 ひかり', named_struct('city', '東京', 'country', '日本', 'latitude', 35.682D, 'longitude', 139.759D), DATE'2020-11-11',
     array(named_struct('day', 'Tue-Sun', 'opens', '06:30', 'closes', '19:30')), map('bread', 4.9D)),
    (3, 'Chez Amélie', named_struct('city', 'Besançon', 'country', 'France', 'latitude', 47.238D, 'longitude', 6.024D), DATE'2018-06-21',
     array(named_struct('day', 'Wed-Sun', 'opens', '06:00', 'closes', '13:00')), map('bread', 4.7D, 'croissant', 5.0D)),
    (4, 'فرن النيل', named_struct('city', 'القاهرة', 'country', 'مصر', 'latitude', 30.044D, 'longitude', 31.236D), DATE'2021-09-30', array(), map('bread', 4.4D)),
    (5, 'Rúgbrauðsgerðin', named_struct('city', 'Ísafjörður', 'country', 'Ísland', 'latitude', 66.075D, 'longitude', -23.124D), DATE'2022-12-01',
     array(named_struct('day', 'Sat', 'opens', '10:00', 'closes', NULL)), map()),
    (6, 'Popup 🧁', NULL, NULL, NULL, NULL);

CREATE TABLE samples.bakehouse.sales (
    sale_id BIGINT,
    customer_id BIGINT,
    shop_id BIGINT,
    sold_at TIMESTAMP,
    product STRING,
    quantity INT,
    unit_price DECIMAL(6, 2),
    total DECIMAL(9, 2),
    payment STRING
) COMMENT '3,000 invented sales, January to May 2024';

INSERT INTO samples.bakehouse.sales
SELECT
    n + 1, customer, shop, sold_at, product, quantity, price, CAST(quantity * price AS DECIMAL(9, 2)),
    CASE pmod(hash(n, 'pay'), 10) WHEN 0 THEN NULL WHEN 1 THEN 'voucher' WHEN 2 THEN 'cash' WHEN 3 THEN 'cash' ELSE 'card' END
FROM (
    SELECT
        n,
        1 + pmod(hash(n, 'customer'), 24) AS customer,
        1 + pmod(hash(n, 'shop'), 6) AS shop,
        timestamp_seconds(1704096000 + n * 4320 + pmod(hash(n, 'second'), 4320)) AS sold_at,
        element_at(array('rye bread', 'baguette', 'croissant', 'メロンパン', 'challah', 'pita', 'crème brûlée', 'birthday cake 🎂'), 1 + kind) AS product,
        CAST(1 + pmod(hash(n, 'quantity'), 12) AS INT) AS quantity,
        element_at(array(4.20, 1.90, 2.10, 2.80, 5.50, 0.60, 6.75, 38.00), 1 + kind) AS price
    FROM (SELECT CAST(id AS INT) AS n, pmod(hash(CAST(id AS INT), 'product'), 8) AS kind FROM range(0, 3000, 1, 1))
);

CREATE VIEW samples.bakehouse.sales_by_country COMMENT 'What customers of each country spent' AS
SELECT c.country, count(*) AS sales, sum(s.total) AS total
FROM samples.bakehouse.sales AS s JOIN samples.bakehouse.customers AS c USING (customer_id)
GROUP BY c.country;
