//! What an error of the database means for a run: worth another attempt, or not.

use diesel::result::DatabaseErrorKind;

use crate::job::Failure;

use super::{ConnectError, DbError, PoolError};

impl From<DbError> for Failure {
    fn from(error: DbError) -> Self {
        if is_final(&error) { Self::fatal(error) } else { Self::retry(error) }
    }
}

/// Lost connections, time-outs and conflicts pass; what the data or the statement is to blame for does not.
fn is_final(error: &DbError) -> bool {
    use DatabaseErrorKind as Kind;
    match error {
        DbError::DatabaseError(Kind::Unknown, _) => is_too_long(error),
        DbError::DatabaseError(kind, _) => matches!(
            kind,
            Kind::UniqueViolation
                | Kind::ForeignKeyViolation
                | Kind::NotNullViolation
                | Kind::CheckViolation
                | Kind::RestrictViolation
                | Kind::ExclusionViolation
        ),
        DbError::BrokenTransactionManager | DbError::RollbackErrorOnCommit { .. } => false,
        _ => true,
    }
}

/// Whether a value is longer than an index takes: SQLSTATE 54000, which diesel does not tell.
pub fn is_too_long(error: &DbError) -> bool {
    let DbError::DatabaseError(DatabaseErrorKind::Unknown, said) = error else { return false };
    let message = said.message();
    message.starts_with("index row size ") || message.starts_with("index row requires ")
}

impl From<PoolError> for Failure {
    fn from(error: PoolError) -> Self {
        Self::retry(error)
    }
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        Self::retry(error)
    }
}
