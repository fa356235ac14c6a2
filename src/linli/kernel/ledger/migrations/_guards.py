"""What the database itself guards in the ledger, in SQL; part of migration 0001.

``linli_ledger_append`` runs before each line: it locks the account, numbers the line, computes what the account comes
to and refuses an overdraft. It is the owner's (SECURITY DEFINER), so no other role needs a right to change anything.
``linli_ledger_agree`` runs after each statement: every transfer in it is whole, sums to zero by unit and item, and
ends or takes back exactly what it says. ``linli_ledger_post`` is the door: one call writes any number of transfers,
each once, and takes its locks in one order.
"""

APPEND = """
CREATE FUNCTION linli_ledger_append() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
AS $$
DECLARE
  limited boolean;
  last ledger_posting%ROWTYPE;
BEGIN
  SELECT bounded INTO limited FROM ledger_account WHERE id = NEW.account_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no account %', NEW.account_id USING ERRCODE = 'LL002';
  END IF;
  -- A statement of its own after the lock: it sees what whoever held the lock before us has committed.
  SELECT * INTO last FROM ledger_posting WHERE account_id = NEW.account_id ORDER BY seq DESC LIMIT 1;
  IF NOT FOUND THEN
    last.seq := 0; last.balance := 0; last.held := 0; last.credited := 0;
  END IF;
  IF NEW.seq IS NOT NULL AND NEW.seq <> last.seq + 1 THEN
    RAISE EXCEPTION 'account % has moved on: line % is not the next', NEW.account_id, NEW.seq USING ERRCODE = 'LL003';
  END IF;
  NEW.seq := last.seq + 1;
  NEW.balance := last.balance + NEW.amount;
  NEW.held := last.held + NEW.hold;
  NEW.credited := last.credited + greatest(NEW.amount, 0);
  NEW.at := greatest(NEW.at, last.at);
  IF NEW.amount <= 0 THEN
    NEW.expires_on := NULL;
    NEW.lapses := last.lapses;
  ELSE
    -- What comes in later never lapses before what is still there: so first in, first out, is also fair.
    IF last.balance > 0 AND (last.lapses IS NULL OR NEW.expires_on < last.lapses) THEN
      NEW.expires_on := last.lapses;
    END IF;
    NEW.lapses := NEW.expires_on;
  END IF;
  IF limited AND NEW.balance < NEW.held THEN
    RAISE EXCEPTION 'account % would be overdrawn', NEW.account_id USING ERRCODE = 'LL001',
      DETAIL = json_build_object('account', NEW.account_id, 'available', last.balance - last.held,
                                 'wanted', greatest(-NEW.amount, 0) + greatest(NEW.hold, 0))::text;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER linli_ledger_append BEFORE INSERT ON ledger_posting
  FOR EACH ROW EXECUTE FUNCTION linli_ledger_append();
"""

AGREE = """
CREATE FUNCTION linli_ledger_agree() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong uuid;
  linked boolean;
BEGIN
  SELECT f.transfer_id INTO wrong FROM fresh f LEFT JOIN ledger_transfer t ON t.id = f.transfer_id
    GROUP BY f.transfer_id, t.legs HAVING t.legs IS DISTINCT FROM count(*) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'transfer % is not written whole', wrong USING ERRCODE = 'LL002';
  END IF;
  SELECT f.transfer_id INTO wrong FROM fresh f JOIN ledger_account a ON a.id = f.account_id
    GROUP BY f.transfer_id, a.unit, a.item_id HAVING sum(f.amount) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'transfer % does not sum to zero', wrong USING ERRCODE = 'LL002';
  END IF;
  SELECT bool_or(f.hold < 0 OR t.closes IS NOT NULL OR t.reverses IS NOT NULL) INTO linked
    FROM fresh f JOIN ledger_transfer t ON t.id = f.transfer_id;
  IF NOT linked THEN
    RETURN NULL;
  END IF;
  -- What is set aside is freed by the one transfer that closes it, all of it, account by account.
  SELECT coalesce(made.transfer_id, was.transfer_id) INTO wrong
    FROM (SELECT f.transfer_id, t.closes, f.account_id, sum(f.hold) AS hold
          FROM fresh f JOIN ledger_transfer t ON t.id = f.transfer_id
          WHERE f.hold < 0 OR (t.closes IS NOT NULL AND f.hold <> 0) GROUP BY 1, 2, 3) made
    FULL JOIN
         (SELECT t.id AS transfer_id, t.closes, p.account_id, sum(p.hold) AS hold
          FROM ledger_transfer t JOIN ledger_posting p ON p.transfer_id = t.closes
          WHERE t.id IN (SELECT transfer_id FROM fresh) AND p.hold <> 0 GROUP BY 1, 2, 3) was
      ON was.transfer_id = made.transfer_id AND was.account_id = made.account_id
    WHERE made.hold IS DISTINCT FROM -was.hold LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'transfer % does not free what was set aside', wrong USING ERRCODE = 'LL002';
  END IF;
  SELECT coalesce(made.transfer_id, was.transfer_id) INTO wrong
    FROM (SELECT f.transfer_id, f.account_id, sum(f.amount) AS amount, sum(abs(f.hold)) AS hold
          FROM fresh f JOIN ledger_transfer t ON t.id = f.transfer_id WHERE t.reverses IS NOT NULL GROUP BY 1, 2) made
    FULL JOIN
         (SELECT t.id AS transfer_id, p.account_id, sum(p.amount) AS amount
          FROM ledger_transfer t JOIN ledger_posting p ON p.transfer_id = t.reverses
          WHERE t.id IN (SELECT transfer_id FROM fresh) AND p.amount <> 0 GROUP BY 1, 2) was
      ON was.transfer_id = made.transfer_id AND was.account_id = made.account_id
    WHERE made.amount IS DISTINCT FROM -was.amount OR made.hold <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'transfer % does not take back what it names', wrong USING ERRCODE = 'LL002';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER linli_ledger_agree AFTER INSERT ON ledger_posting
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION linli_ledger_agree();
"""

POST = """
CREATE FUNCTION linli_ledger_post(accounts jsonb, transfers jsonb, legs jsonb)
  RETURNS TABLE (key varchar, id uuid, request bytea) LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger_account (id, owner_id, kind, unit, item_id, bounded, area_code, opened_at)
    SELECT n.id, n.owner_id, n.kind, n.unit, n.item_id, n.bounded, n.area_code, n.opened_at
    FROM jsonb_to_recordset(accounts) AS n(id uuid, owner_id uuid, kind varchar, unit varchar, item_id uuid,
                                           bounded boolean, area_code varchar, opened_at timestamptz)
    WHERE NOT EXISTS (SELECT FROM ledger_account k WHERE k.id = n.id) ORDER BY n.id
    ON CONFLICT DO NOTHING;
  INSERT INTO ledger_transfer (id, key, kind, at, subject_id, basis, actor_kind, post_id, closes, reverses, legs, request)
    SELECT n.id, n.key, n.kind, n.at, n.subject_id, n.basis, n.actor_kind, n.post_id, n.closes, n.reverses, n.legs,
           decode(n.request, 'hex')
    FROM jsonb_to_recordset(transfers) AS n(id uuid, key varchar, kind varchar, at timestamptz, subject_id uuid,
                                            basis varchar, actor_kind varchar, post_id uuid, closes uuid, reverses uuid,
                                            legs smallint, request text)
    ORDER BY n.key
    ON CONFLICT ON CONSTRAINT ledger_transfer_key_key DO NOTHING;
  -- Only transfers that are new stand under the id we gave them. Sorted: two calls never wait for each other crosswise.
  INSERT INTO ledger_posting (account_id, seq, transfer_id, amount, hold, balance, held, credited, expires_on, at)
    SELECT n.account_id, n.seq, n.transfer_id, n.amount, n.hold, 0, 0, 0, n.expires_on, t.at
    FROM jsonb_to_recordset(legs) AS n(no integer, account_id uuid, seq bigint, transfer_id uuid, amount bigint,
                                       hold bigint, expires_on date)
    JOIN ledger_transfer t ON t.id = n.transfer_id
    ORDER BY n.account_id, n.no;
  RETURN QUERY SELECT t.key, t.id, t.request FROM jsonb_to_recordset(transfers) AS n(key varchar)
    JOIN ledger_transfer t ON t.key = n.key;
END $$;
"""

UNDO = """
DROP FUNCTION IF EXISTS linli_ledger_post(jsonb, jsonb, jsonb);
DROP TRIGGER IF EXISTS linli_ledger_agree ON ledger_posting;
DROP FUNCTION IF EXISTS linli_ledger_agree();
DROP TRIGGER IF EXISTS linli_ledger_append ON ledger_posting;
DROP FUNCTION IF EXISTS linli_ledger_append();
"""
