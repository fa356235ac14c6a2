"""Encrypted columns: known vectors, real rows, rotation, and what happens with a wrong key."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, hmac
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection, models

from linli.kernel import crypto
from linli.kernel.crypto import ciphers, keyring, rotation
from linli.kernel.crypto.tests.conftest import ONE, TWO, Locker
from linli.kernel.storage.together import Together


def stored(column: str = "secret") -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM crypto_tests_locker ORDER BY id")
        return [value for (value,) in cursor.fetchall()]


def use(keys: dict[str, str], text: str) -> None:
    keys["fields"] = text
    keyring.forget()


def test_aes_gcm_agrees_with_the_gcm_specification() -> None:
    sealed = ciphers.aes_seal(bytes(32), bytes(12), bytes(16), b"")
    assert sealed.hex() == "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"


def test_sm4_gcm_agrees_with_rfc_8998() -> None:
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    nonce = bytes.fromhex("00001234567800000000abcd")
    aad = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = bytes.fromhex("".join(pair * 8 for pair in ["aa", "bb", "cc", "dd", "ee", "ff", "ee", "aa"]))
    sealed = ciphers.sm4_seal(key, nonce, plain, aad)
    assert sealed.hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    assert ciphers.sm4_open(key, nonce, sealed, aad) == plain


def test_sm3_agrees_with_gb_t_32905() -> None:
    digest = hashes.Hash(hashes.SM3())
    digest.update(b"abc")
    assert digest.finalize().hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_a_keyed_hash_is_an_hmac_over_purpose_and_value(keys: dict[str, str], settings: Any) -> None:
    for cipher, algorithm in (("aes", hashes.SHA256()), ("sm4", hashes.SM3())):
        settings.LINLI_CIPHER = cipher
        expected = hmac.HMAC(bytes.fromhex("33" * 32), algorithm)
        expected.update(b"phone\x0013888888888")
        assert crypto.keyed_hash("13888888888", "phone") == expected.finalize()
    assert crypto.keyed_hash("8888", "phone.last4") != crypto.keyed_hash("8888", "id.last4")


@pytest.mark.parametrize(("cipher", "prefix"), [("aes", "v1:k1:"), ("sm4", "s1:k1:")])
def test_what_is_encrypted_is_read_again(keys: dict[str, str], settings: Any, cipher: str, prefix: str) -> None:
    settings.LINLI_CIPHER = cipher
    sealed = crypto.encrypt("张三·买买提", "t.c")
    assert sealed.startswith(prefix)
    assert crypto.decrypt(sealed, "t.c") == "张三·买买提"
    assert sealed != crypto.encrypt("张三·买买提", "t.c"), "equal values must not look equal"


def test_a_value_cannot_be_moved_to_another_column(keys: dict[str, str]) -> None:
    with pytest.raises(crypto.Unreadable, match=r"t\.other"):
        crypto.decrypt(crypto.encrypt("13888888888", "t.phone"), "t.other")


def test_a_missing_key_is_named(keys: dict[str, str]) -> None:
    sealed = crypto.encrypt("13888888888", "t.phone")
    use(keys, f"k2:{TWO}")
    with pytest.raises(crypto.Unreadable, match=r"k1.*LINLI_SECRET_FIELDS"):
        crypto.decrypt(sealed, "t.phone")


def test_a_wrong_key_under_the_right_name_says_what_to_check(keys: dict[str, str]) -> None:
    sealed = crypto.encrypt("13888888888", "t.phone")
    use(keys, f"k1:{TWO}")
    with pytest.raises(crypto.Unreadable, match="同一套备份"):
        crypto.decrypt(sealed, "t.phone")


@pytest.mark.parametrize("value", ["13888888888", "v1:k1", "v9:k1:AAAA", "v1:k1:***", "v1:k1:AAAA"])
def test_what_is_no_ciphertext_is_refused(keys: dict[str, str], value: str) -> None:
    with pytest.raises(crypto.Unreadable):
        crypto.decrypt(value, "t.phone")


def test_a_single_key_without_an_id_is_the_first(keys: dict[str, str]) -> None:
    assert keyring.parse(ONE).current == "k1"
    grown = keyring.parse(crypto.extended(ONE))
    assert grown.current == "k2"
    assert grown.masters["k1"] == bytes.fromhex(ONE)


@pytest.mark.parametrize("text", ["", "k1:zz", f"k1:{ONE},k1:{TWO}", f"K1:{ONE}", ONE[:-1]])
def test_a_malformed_keyring_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        keyring.parse(text)
    assert ONE[:-1] not in str(caught.value)


def test_the_database_sees_ciphertext_only(table: None) -> None:
    Locker.objects.create(secret="13888888888", other="")
    Locker.objects.create(secret=None, other="x")
    assert stored()[0].startswith("v1:k1:")
    assert stored()[1] is None
    assert stored("other")[0] == ""
    assert list(Locker.objects.order_by("id").values_list("secret", flat=True)) == ["13888888888", None]


def test_rows_written_together_and_in_bulk_are_encrypted_too(table: None) -> None:
    rows = Together()
    rows.add(Locker(secret="one"), Locker(secret="two"))
    rows.flush()
    Locker.objects.bulk_create([Locker(secret="three")])
    Locker.objects.filter(secret__isnull=False).update(other="all")
    assert all(value.startswith("v1:k1:") for value in stored() + stored("other"))
    assert {row.secret for row in Locker.objects.all()} == {"one", "two", "three"}


@pytest.mark.parametrize("lookup", ["secret", "secret__contains", "secret__in"])
def test_an_encrypted_column_refuses_to_be_searched(table: None, lookup: str) -> None:
    with pytest.raises(FieldError, match="keyed hash"):
        Locker.objects.filter(**{lookup: ["x"] if lookup.endswith("in") else "x"}).exists()


def test_rotation_moves_every_value_to_the_new_key_in_batches(table: None, keys: dict[str, str]) -> None:
    Locker.objects.bulk_create([Locker(secret=f"value {n}") for n in range(7)])
    use(keys, f"k2:{TWO},k1:{ONE}")
    assert rotation.pending() == {"crypto_tests_locker.secret": 7, "crypto_tests_locker.other": 0}
    seen: list[int] = []
    assert crypto.rotate(batch=3, progress=lambda _column, done: seen.append(done))["crypto_tests_locker.secret"] == 7
    assert seen == [3, 6, 7]
    assert sum(rotation.pending().values()) == 0
    use(keys, f"k2:{TWO}")
    assert {row.secret for row in Locker.objects.all()} == {f"value {n}" for n in range(7)}


def test_rotation_carries_an_installation_over_to_sm4(table: None, settings: Any) -> None:
    Locker.objects.create(secret="13888888888")
    settings.LINLI_CIPHER = "sm4"
    keyring.forget()
    crypto.rotate()
    assert stored()[0].startswith("s1:k1:")
    assert Locker.objects.get().secret == "13888888888"


def test_the_field_can_be_written_into_a_migration() -> None:
    field = crypto.EncryptedTextField(blank=True, place="old_table.phone")
    _name, path, args, kwargs = field.deconstruct()
    assert path == "linli.kernel.crypto.fields.EncryptedTextField"
    assert crypto.EncryptedTextField(*args, **kwargs).place == "old_table.phone"
    assert isinstance(field, models.TextField)
