--TEST--
backend.key_set: refused at agent_configure where a tool's calls would have to be signed, and where a key is none
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

$jwk = fn(array $more = []) => $more + ['kty' => 'OKP', 'crv' => 'Ed25519', 'kid' => 'k', 'x' => '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'];
$configure = fn(array $keys, array $more = []) => thrown(fn() => agent_configure(site_config($more + ['backend' => ['audience' => 'a', 'key_set' => ['keys' => $keys]]])));
echo $configure([$jwk()]), "\n";
echo $configure([$jwk()], ['tools' => [order_tool(), order_tool(['name' => 'b', 'url' => 'https://tools.example/b'])]]), "\n";
echo $configure([$jwk(['d' => 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A'])]), "\n";
// the neutral element: under it everybody can sign
echo $configure([$jwk(['kid' => 'first']), $jwk(['x' => 'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'])]), "\n";
echo thrown(fn() => agent_configure(site_config(['backend' => ['audience' => 'a', 'algorithm' => 'HS256', 'key_set' => ['keys' => [$jwk()]]]]))), "\n";
site_remove();
?>
--EXPECT--
nothing
Agent\ConfigException [key_set] /backend/key_set: its public keys only verify, but /tools/1 has a url: its calls must be signed
Agent\ConfigException [private_key] /backend/key_set/keys/0/d: is part of a private or secret key: only public keys belong here. This one is known to this side now, so make another
Agent\ConfigException [key_set] /backend/key_set/keys/1: this is no proper Ed25519 public key: anybody could sign under it
Agent\ConfigException [rule] /backend/algorithm: must be EdDSA: a key_set holds public keys, and an HS256 key is none
