/* SPDX-License-Identifier: MIT
 * What differs between PHP 8.2 and later versions, and between systems: every #if on a version stands here.
 * No declarations of our own functions. */
#ifndef AGENT_BIND_COMPAT_H
#define AGENT_BIND_COMPAT_H

#include "php.h"
#include "zend_atomic.h"

#ifdef PHP_WIN32
# include "win32/winutil.h"
#else
# include <time.h>
#endif

/* Some builds of PHP notice the memory limit at the next interrupt of the VM instead of leaving emalloc by a longjmp. */
#ifdef ZEND_HAS_OOM
# define PHP_AGENT_OUT_OF_MEMORY() ZEND_HAS_OOM()
#else
# define PHP_AGENT_OUT_OF_MEMORY() false
#endif

/* The monotonic clock of the core, in milliseconds. */
static inline int64_t php_agent_mono_ms(void)
{
#ifdef PHP_WIN32
	return (int64_t) GetTickCount64();
#else
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
#endif
}

#endif
