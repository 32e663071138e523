<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The browser has left while the answer was on its way. Thrown out of the event callback: the extension then cancels what still runs upstream.
 */

declare(strict_types=1);

namespace Aiguy\Stream;

defined( 'ABSPATH' ) || exit;

final class ClientGone extends \Exception {}
