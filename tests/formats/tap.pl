# Reads TAP with the parser of Perl's Test::Harness and prints what it understood as JSON.

use strict;
use warnings;

use JSON::PP;
use TAP::Parser;

my (@tests, @unknown);
my $parser = TAP::Parser->new({ source => $ARGV[0] });
while (my $result = $parser->next) {
        if ($result->is_test) {
                push @tests, { ok => $result->is_actual_ok ? 1 : 0, number => $result->number, name => $result->description,
                        directive => $result->directive, reason => $result->explanation };
        } elsif ($result->is_yaml) {
                $tests[-1]{details} = $result->data;
        } elsif ($result->is_unknown) {
                push @unknown, $result->raw;
        }
}
print JSON::PP->new->canonical->encode({ tests => \@tests, unknown => \@unknown, errors => [$parser->parse_errors],
        version => $parser->version, passed => $parser->has_problems ? 0 : 1 });
