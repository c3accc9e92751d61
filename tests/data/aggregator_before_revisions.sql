BEGIN TRANSACTION;
CREATE TABLE claim (
	claim_id VARCHAR(64) NOT NULL, 
	terminal VARCHAR(16) NOT NULL, 
	code_hash VARCHAR(64) NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	reason VARCHAR(64) NOT NULL, 
	amount_minor BIGINT NOT NULL, 
	currency VARCHAR(3) NOT NULL, 
	registered_us BIGINT NOT NULL, 
	redeemed_us BIGINT, 
	redeemed_by VARCHAR(100) NOT NULL, 
	redeemed_why VARCHAR(300) NOT NULL, 
	PRIMARY KEY (claim_id), 
	FOREIGN KEY(terminal) REFERENCES terminal (number)
);
INSERT INTO "claim" VALUES('c1','0001','efefefefefefefefefefefefefefefefefefefefefefefefefefefefefefefef','abababababababababababababababababababababababababababababababab','leftover',3000,'EUR',1790000000000401,1790000000000500,'Maria','came');
INSERT INTO "claim" VALUES('c2','0001','efefefefefefefefefefefefefefefefefefefefefefefefefefefefefefefef','abababababababababababababababababababababababababababababababab','leftover',3000,'EUR',1790000000000402,NULL,'','');
CREATE TABLE merchant (
	login VARCHAR(64) NOT NULL, 
	name VARCHAR(100) NOT NULL, 
	password1 VARCHAR(200) NOT NULL, 
	password2 VARCHAR(200) NOT NULL, 
	hash_name VARCHAR(16) NOT NULL, 
	result_url VARCHAR(500) NOT NULL, 
	currency VARCHAR(3) NOT NULL, 
	commission_bp INTEGER NOT NULL, 
	overpay VARCHAR(16) NOT NULL, 
	PRIMARY KEY (login)
);
INSERT INTO "merchant" VALUES('bookshop','Bookshop','one-one-one','two-two-two','sha256','http://127.0.0.1:9/result','EUR',250,'hold');
CREATE TABLE notification (
	order_id INTEGER NOT NULL, 
	attempts INTEGER NOT NULL, 
	next_us BIGINT NOT NULL, 
	delivered_us BIGINT, 
	last_answer VARCHAR(200) NOT NULL, 
	PRIMARY KEY (order_id), 
	FOREIGN KEY(order_id) REFERENCES orders (id)
);
INSERT INTO "notification" VALUES(1,1,1790000000000200,1790000000000300,'OK1');
INSERT INTO "notification" VALUES(2,1,1790000000000200,NULL,'');
CREATE TABLE orders (
	id INTEGER NOT NULL, 
	number VARCHAR(20), 
	login VARCHAR(64) NOT NULL, 
	inv_id BIGINT NOT NULL, 
	out_sum VARCHAR(20) NOT NULL, 
	amount_minor BIGINT NOT NULL, 
	currency VARCHAR(3) NOT NULL, 
	description VARCHAR(100) NOT NULL, 
	extras TEXT NOT NULL, 
	created_us BIGINT NOT NULL, 
	expires_us BIGINT NOT NULL, 
	state INTEGER NOT NULL, 
	payment_id VARCHAR(64), 
	PRIMARY KEY (id), 
	UNIQUE (login, inv_id), 
	UNIQUE (number), 
	FOREIGN KEY(login) REFERENCES merchant (login)
);
INSERT INTO "orders" VALUES(1,'1000000017','bookshop',1,'70.00',7000,'EUR','A book','{"Shp_cart": "7"}',1790000000000001,1790086400000000,100,'p1');
INSERT INTO "orders" VALUES(2,'1000000027','bookshop',2,'70.00',7000,'EUR','A book','{"Shp_cart": "7"}',1790000000000002,1790086400000000,50,'p2');
INSERT INTO "orders" VALUES(3,'1000000037','bookshop',3,'70.00',7000,'EUR','A book','{"Shp_cart": "7"}',1790000000000003,1790086400000000,5,NULL);
CREATE TABLE payment (
	payment_id VARCHAR(64) NOT NULL, 
	terminal VARCHAR(16) NOT NULL, 
	order_id BIGINT, 
	fingerprint VARCHAR(64) NOT NULL, 
	amount_minor BIGINT NOT NULL, 
	currency VARCHAR(3) NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	code VARCHAR(40) NOT NULL, 
	message VARCHAR(300) NOT NULL, 
	reference VARCHAR(64) NOT NULL, 
	captured_at VARCHAR(40) NOT NULL, 
	received_us BIGINT NOT NULL, 
	journal_seq BIGINT NOT NULL, 
	journal_head VARCHAR(64) NOT NULL, 
	PRIMARY KEY (payment_id), 
	FOREIGN KEY(terminal) REFERENCES terminal (number)
);
INSERT INTO "payment" VALUES('p1','0001',1,'abababababababababababababababababababababababababababababababab',7000,'EUR','accepted','','','K1','2026-09-21T12:00:00+00:00',1790000000000101,1,'cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd');
INSERT INTO "payment" VALUES('p2','0001',2,'abababababababababababababababababababababababababababababababab',7000,'EUR','accepted','','','K2','2026-09-21T12:00:00+00:00',1790000000000102,2,'cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd');
INSERT INTO "payment" VALUES('p3','0001',1,'abababababababababababababababababababababababababababababababab',7000,'EUR','refused','order_already_paid','the order was paid by another payment','K3','2026-09-21T12:00:00+00:00',1790000000000110,3,'cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd');
CREATE TABLE quote (
	quote_id VARCHAR(64) NOT NULL, 
	order_id INTEGER NOT NULL, 
	terminal VARCHAR(16) NOT NULL, 
	expires_us BIGINT NOT NULL, 
	PRIMARY KEY (quote_id), 
	FOREIGN KEY(order_id) REFERENCES orders (id), 
	FOREIGN KEY(terminal) REFERENCES terminal (number)
);
INSERT INTO "quote" VALUES('q1',1,'0001',1790001800000000);
INSERT INTO "quote" VALUES('q2',2,'0001',1790001800000000);
INSERT INTO "quote" VALUES('q3',3,'0001',1790001800000000);
CREATE TABLE terminal (
	number VARCHAR(16) NOT NULL, 
	active BOOLEAN NOT NULL, 
	public_key VARCHAR(64), 
	PRIMARY KEY (number)
);
INSERT INTO "terminal" VALUES('0001',true,NULL);
CREATE TABLE transfer (
	id INTEGER NOT NULL, 
	payment_id VARCHAR(64), 
	claim_id VARCHAR(64), 
	debit VARCHAR(80) NOT NULL, 
	credit VARCHAR(80) NOT NULL, 
	amount_minor BIGINT NOT NULL, 
	currency VARCHAR(3) NOT NULL, 
	PRIMARY KEY (id), 
	CHECK (amount_minor > 0), 
	CHECK ((payment_id IS NULL) <> (claim_id IS NULL)), 
	FOREIGN KEY(payment_id) REFERENCES payment (payment_id), 
	FOREIGN KEY(claim_id) REFERENCES claim (claim_id)
);
INSERT INTO "transfer" VALUES(1,'p1',NULL,'cash:0001','merchant:bookshop',7000,'EUR');
INSERT INTO "transfer" VALUES(2,'p1',NULL,'merchant:bookshop','commission',175,'EUR');
INSERT INTO "transfer" VALUES(3,'p2',NULL,'cash:0001','merchant:bookshop',7000,'EUR');
INSERT INTO "transfer" VALUES(4,'p2',NULL,'merchant:bookshop','commission',175,'EUR');
INSERT INTO "transfer" VALUES(5,NULL,'c1','cash:0001','claims',3000,'EUR');
INSERT INTO "transfer" VALUES(6,NULL,'c1','claims','paid_out',3000,'EUR');
INSERT INTO "transfer" VALUES(7,NULL,'c2','cash:0001','claims',3000,'EUR');
CREATE INDEX ix_claim_code_hash ON claim (code_hash);
COMMIT;
