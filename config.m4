PHP_ARG_ENABLE([agent],
  [whether to enable agent support],
  [AS_HELP_STRING([--enable-agent], [Enable agent support])],
  [no])
PHP_ARG_ENABLE([agent-dev],
  [whether to treat warnings of agent as errors],
  [AS_HELP_STRING([--enable-agent-dev], [agent: more warnings, each an error (for its developers)])],
  [no], [no])
PHP_ARG_ENABLE([agent-sanitize],
  [whether to build agent with ASan and UBSan],
  [AS_HELP_STRING([--enable-agent-sanitize], [agent: AddressSanitizer and UndefinedBehaviorSanitizer])],
  [no], [no])
PHP_ARG_ENABLE([agent-coverage],
  [whether to build agent for gcov],
  [AS_HELP_STRING([--enable-agent-coverage], [agent: gcov counters])],
  [no], [no])

if test "$PHP_AGENT" != "no"; then
  dnl Which PHP: php-config tells it when the extension is built by phpize, PHP's own configure otherwise.
  AC_MSG_CHECKING([whether PHP is new enough for agent])
  agent_php=
  if test -n "$PHP_CONFIG"; then
    agent_php=`$PHP_CONFIG --vernum 2>/dev/null`
  fi
  if test -z "$agent_php"; then
    agent_php=$PHP_VERSION_ID
  fi
  if test "${agent_php:-0}" -lt 80200; then
    AC_MSG_RESULT([no ($agent_php)])
    AC_MSG_ERROR([agent needs PHP 8.2 or later; give another one with --with-php-config=PATH])
  fi
  AC_MSG_RESULT([yes ($agent_php)])

  dnl The oldest versions whose interface is used; each message names the package to look for.
  PKG_PROG_PKG_CONFIG
  agent_hint=
  if test -z "$PKG_CONFIG" || ! $PKG_CONFIG --version >/dev/null 2>&1; then
    agent_hint="; there is no pkg-config to find it with: install that first (Debian: pkg-config, Fedora: pkgconf-pkg-config)"
  fi
  PKG_CHECK_MODULES([AGENT_CURL], [libcurl >= 7.76], [],
    [AC_MSG_ERROR([agent needs libcurl 7.76 or later with its headers (Debian: libcurl4-openssl-dev, Fedora: libcurl-devel)$agent_hint])])
  PKG_CHECK_MODULES([AGENT_JSONC], [json-c >= 0.14], [],
    [AC_MSG_ERROR([agent needs json-c 0.14 or later with its headers (Debian: libjson-c-dev, Fedora: json-c-devel)$agent_hint])])
  PKG_CHECK_MODULES([AGENT_SSL], [openssl >= 3.0], [],
    [AC_MSG_ERROR([agent needs OpenSSL 3.0 or later with its headers (Debian: libssl-dev, Fedora: openssl-devel)$agent_hint])])
  PKG_CHECK_MODULES([AGENT_SQLITE], [sqlite3 >= 3.34], [],
    [AC_MSG_ERROR([agent needs SQLite 3.34 or later with its headers (Debian: libsqlite3-dev, Fedora: sqlite-devel)$agent_hint])])
  dnl The system's library, linked by name: the copy that PHP may have inside is neither exported reliably nor ours to use.
  PKG_CHECK_MODULES([AGENT_PCRE2], [libpcre2-8 >= 10.37], [],
    [AC_MSG_ERROR([agent needs PCRE2 10.37 or later with its headers (Debian: libpcre2-dev, Fedora: pcre2-devel)$agent_hint])])

  dnl The knowledge base is a full-text table: without FTS5 the first put would fail at run time.
  AC_CACHE_CHECK([whether SQLite has FTS5], [agent_cv_sqlite_fts5], [
    agent_save_cppflags=$CPPFLAGS
    agent_save_libs=$LIBS
    CPPFLAGS="$CPPFLAGS $AGENT_SQLITE_CFLAGS"
    LIBS="$AGENT_SQLITE_LIBS $LIBS"
    AC_RUN_IFELSE([AC_LANG_PROGRAM([[#include <sqlite3.h>]], [[
      sqlite3 *db;
      if (sqlite3_open(":memory:", &db) != SQLITE_OK) return 1;
      return sqlite3_exec(db, "CREATE VIRTUAL TABLE t USING fts5(x)", 0, 0, 0) == SQLITE_OK ? 0 : 2;
    ]])], [agent_cv_sqlite_fts5=yes], [agent_cv_sqlite_fts5=no], [agent_cv_sqlite_fts5="yes (assumed: cross compiling)"])
    CPPFLAGS=$agent_save_cppflags
    LIBS=$agent_save_libs
  ])
  if test "$agent_cv_sqlite_fts5" = "no"; then
    AC_MSG_ERROR([agent needs an SQLite library with the full-text module FTS5 (SQLITE_ENABLE_FTS5)])
  fi

  for agent_lib in CURL JSONC SSL SQLITE PCRE2; do
    eval "agent_cflags=\$AGENT_${agent_lib}_CFLAGS; agent_libs=\$AGENT_${agent_lib}_LIBS"
    PHP_EVAL_INCLINE([$agent_cflags])
    PHP_EVAL_LIBLINE([$agent_libs], [AGENT_SHARED_LIBADD])
  done
  dnl ext/text and ext/guard use log(), floor() and friends.
  PHP_EVAL_LIBLINE([-lm], [AGENT_SHARED_LIBADD])

  AGENT_CFLAGS="-std=gnu11 -D_GNU_SOURCE -fvisibility=hidden -DZEND_ENABLE_STATIC_TSRMLS_CACHE=1"
  agent_warnings="-Wall -Wextra -Wno-unused-parameter"
  if test "$PHP_AGENT_DEV" != "no"; then
    agent_warnings="$agent_warnings -Werror -Wstrict-prototypes -Wvla -Wformat=2 -Wpointer-arith -Wwrite-strings -Wundef -Wimplicit-fallthrough -Wlogical-op -Wduplicated-cond"
  fi
  dnl Only what this compiler knows, tried over PHP's own headers: what those cannot stand is not ours to enforce.
  agent_save_cflags=$CFLAGS
  agent_save_cppflags=$CPPFLAGS
  CPPFLAGS="$CPPFLAGS $INCLUDES"
  for agent_flag in $agent_warnings; do
    AC_MSG_CHECKING([whether the compiler takes $agent_flag])
    CFLAGS="$agent_save_cflags -std=gnu11 $AGENT_CFLAGS -Werror $agent_flag"
    AC_COMPILE_IFELSE([AC_LANG_SOURCE([[
      #include "php.h"
      #include "ext/standard/info.h"
      #include "zend_exceptions.h"
      #include "zend_fibers.h"
      int agent_probe(int x);
      int agent_probe(int x) { return x; }
    ]])], [AC_MSG_RESULT([yes])
      AGENT_CFLAGS="$AGENT_CFLAGS $agent_flag"], [AC_MSG_RESULT([no])])
  done
  CFLAGS=$agent_save_cflags
  CPPFLAGS=$agent_save_cppflags

  if test "$PHP_AGENT_SANITIZE" != "no"; then
    AGENT_CFLAGS="$AGENT_CFLAGS -g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined"
    AGENT_SHARED_LIBADD="$AGENT_SHARED_LIBADD -fsanitize=address,undefined"
  fi
  if test "$PHP_AGENT_COVERAGE" != "no"; then
    AGENT_CFLAGS="$AGENT_CFLAGS -g -O0 --coverage"
    AGENT_SHARED_LIBADD="$AGENT_SHARED_LIBADD --coverage"
  fi

  dnl One list of sources for this file and config.w32.
  agent_srcdir=PHP_EXT_SRCDIR([agent])
  agent_sources=`sed -n 's,^\(ext/.*\.c\)$,\1,p' "$agent_srcdir/ext/sources.txt" | tr '\n' ' '`
  if test -z "$agent_sources"; then
    AC_MSG_ERROR([$agent_srcdir/ext/sources.txt names no source])
  fi

  PHP_SUBST([AGENT_SHARED_LIBADD])
  PHP_NEW_EXTENSION([agent], [$agent_sources], [$ext_shared],, [$AGENT_CFLAGS])
  PHP_ADD_EXTENSION_DEP([agent], [json])
  for agent_room in `for agent_source in $agent_sources; do dirname $agent_source; done | sort -u`; do
    PHP_ADD_BUILD_DIR([$ext_builddir/$agent_room])
  done
  PHP_ADD_INCLUDE([$ext_srcdir])
fi
