<?php

/**
 * php-json-schema's half of the contract benchmark: php schema_php.php CASE.json … prints "name valid_ns invalid_ns". It knows drafts 3 and 4, which
 * say the same of what these schemas use; a verdict that is another one nevertheless is a dash.
 */

declare(strict_types=1);

require '/usr/share/php/JsonSchema/autoload.php';

use JsonSchema\Constraints\Factory;
use JsonSchema\SchemaStorage;
use JsonSchema\Validator;

function cpu_ns(): float
{
    $r = getrusage();
    return ($r['ru_utime.tv_sec'] + $r['ru_stime.tv_sec']) * 1e9 + ($r['ru_utime.tv_usec'] + $r['ru_stime.tv_usec']) * 1e3;
}

function measure(Factory $factory, stdClass $schema, mixed $value, bool $valid): string
{
    $best = INF;
    $rounds = 1;
    for ($i = 0; $i < 3;) {
        $start = cpu_ns();
        for ($r = 0; $r < $rounds; $r++) {
            $validator = new Validator($factory);
            $validator->validate($value, $schema);
            if ($validator->isValid() !== $valid) {
                return '-';
            }
        }
        $took = cpu_ns() - $start;
        if ($took < 5e7) {
            $rounds *= 2;
            continue;
        }
        $best = min($best, $took / $rounds);
        $i++;
    }
    return sprintf('%.1f', $best);
}

foreach (array_slice($argv, 1) as $file) {
    $case = json_decode(file_get_contents($file), false, 64, JSON_THROW_ON_ERROR);
    // It would fetch the meta-schema of a draft that it does not know.
    unset($case->schema->{'$schema'});
    $storage = new SchemaStorage();
    $storage->addSchema('file:///case.json', $case->schema);
    $schema = $storage->resolveRef('file:///case.json');
    $factory = new Factory($storage);
    echo basename($file), ' ', measure($factory, $schema, $case->valid, true), ' ', measure($factory, $schema, $case->invalid, false), "\n";
}
